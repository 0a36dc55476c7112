import { assert, assertEquals, assertThrows } from "@std/assert";
import { affineFormat, TokenRows } from "@fewer-bytes/cache";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";

const random = seeded(3);
const draw = () => Float32Array.from({ length: 8 }, () => random.normal());
const format = affineFormat(2, 4);

Deno.test("TokenRows rounds a row when it leaves the window, and tells which one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 12 }),
      (window, count) => {
        const store = new TokenRows(8, { format, window });
        const rows = Array.from({ length: count }, draw);
        const told = rows.flatMap((row) => {
          const [from, to] = store.append(row);
          return Array.from({ length: to - from }, (_, i) => from + i);
        });
        const rounded = Math.max(0, count - window);
        assertEquals(told, Array.from({ length: rounded }, (_, i) => i));
        rows.forEach((row, i) => {
          const expected = i < rounded ? format.roundTrip(row) : row;
          assertEquals([...store.rows.subarray(8 * i, 8 * i + 8)], [...expected]);
        });
        // 2 bits and a share of 32 for each group of 4, or 32 bits.
        assertEquals(8 * store.bytes, 8 * (rounded * 10 + (count - rounded) * 32));
        assertEquals(8 * store.written, 8 * (rounded * 10 + (window ? count * 32 : 0)));
      },
    ),
  );
});

Deno.test("TokenRows stores the difference to a prediction", () => {
  const known = draw();
  const store = new TokenRows(8, { format, prediction: () => known });
  const row = known.map((value, i) => value + 0.01 * i);
  store.append(row);
  const plain = format.roundTrip(row);
  const error = (back: Float32Array) => row.reduce((sum, x, i) => sum + (x - back[i]!) ** 2, 0);
  assert(error(store.rows) < error(plain) / 100, `${error(store.rows)} and ${error(plain)}`);
});

Deno.test("TokenRows refuses blocks that do not fill a row, and a window that is no number of rows", () => {
  assertThrows(() => new TokenRows(6, { format }), RangeError, "blocks of 4 must fill a row");
  assertThrows(() => new TokenRows(8, { format, window: 1.5 }), RangeError, "the window");
});
