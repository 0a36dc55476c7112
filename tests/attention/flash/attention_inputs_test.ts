import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { visiblePairs } from "@fewer-bytes/transformer";
import { attentionShape, keysSeen } from "@fewer-bytes/attention";

const zeros = (rows: number, columns: number) => Matrix.zeros(rows, columns);

Deno.test("keysSeen() summed over the rows is visiblePairs() of the operator table", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 40 }),
      (fresh, context) => {
        const shape = { queries: fresh, keys: fresh + context, causal: true };
        const pairs = Array.from({ length: fresh }, (_, row) => keysSeen(shape, row));
        assertEquals(pairs.reduce((a, b) => a + b), visiblePairs(fresh, context));
      },
    ),
  );
});

Deno.test("keysSeen() is never negative, and all keys where nothing is masked", () => {
  assertEquals(
    [0, 1, 2].map((row) => keysSeen({ queries: 3, keys: 1, causal: true }, row)),
    [0, 0, 1],
  );
  assertEquals(keysSeen({ queries: 3, keys: 7, causal: false }, 0), 7);
});

Deno.test("attentionShape() refuses shapes that do not fit, nothing at all, and numbers that are none", () => {
  const good = { queries: zeros(2, 4), keys: zeros(3, 4), values: zeros(3, 5) };
  assertEquals(attentionShape(good), {
    queries: 2,
    keys: 3,
    width: 4,
    valueWidth: 5,
    causal: false,
    scale: 0.5,
  });
  assertThrows(() => attentionShape({ ...good, keys: zeros(3, 5) }), TypeError, "2 x 4, 3 x 5");
  assertThrows(() => attentionShape({ ...good, values: zeros(2, 5) }), TypeError, "one length");
  assertThrows(
    () => attentionShape({ ...good, queries: zeros(0, 4) }),
    RangeError,
    "must be a query",
  );
  assertThrows(() => attentionShape(good, { scale: NaN }), RangeError, "scale");
  const broken = { ...good, keys: good.keys.map(() => NaN) };
  assertThrows(() => attentionShape(broken), RangeError, "keys must be finite");
});
