import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { rotateRows } from "@fewer-bytes/attention";
import { inOrder, keyOrder, valueOrder } from "@fewer-bytes/cache";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { blockFloatingPoint } from "@fewer-bytes/quantization";
import fc from "fast-check";

const magnitudes = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), {
  minLength: 16,
  maxLength: 16,
});

Deno.test("keyOrder() moves pairs together, within their head, the louder ones first", () => {
  fc.assert(fc.property(magnitudes, (loud) => {
    const order = keyOrder(loud, 8);
    assertEquals(order.toSorted((a, b) => a - b), loud.map((_, i) => i));
    for (let head = 0; head < 2; head++) {
      let before = Infinity;
      for (let pair = 0; pair < 4; pair++) {
        const [first, second] = [order[8 * head + 2 * pair]!, order[8 * head + 2 * pair + 1]!];
        assertEquals(second, first + 4);
        assertEquals(Math.floor(first / 8), head);
        const peak = Math.max(loud[first]!, loud[second]!);
        assert(peak <= before);
        before = peak;
      }
    }
  }));
});

Deno.test("reordered weights and reordered angles give the scores of a model that was not", () => {
  // Queries and keys with pairs reordered, turned by angles reordered alike: here by giving each pair a head of its own.
  const random = seeded(1);
  const rows = new Matrix(2, 8, Float64Array.from({ length: 16 }, () => random.normal()));
  const order = keyOrder(Array.from({ length: 8 }, () => random.uniform()), 8);
  const positions = [5, 9];
  const score = ([query, key]: number[][]) =>
    query!.reduce((sum, value, i) => sum + value * key![i]!, 0);
  const plain = score(rotateRows(rows, { positions }).toRows());
  const reordered = rows.toRows().map((row, index) =>
    order.map((channel) => row[channel]!).map((value, place, row) => {
      const angle = positions[index]! * 10_000 ** (-2 * order[place - place % 2]! / 8);
      return place % 2 === 0
        ? value * Math.cos(angle) - row[place + 1]! * Math.sin(angle)
        : value * Math.cos(angle) + row[place - 1]! * Math.sin(angle);
    })
  );
  assertAlmostEquals(score(reordered), plain, 1e-9);
});

Deno.test("inOrder() gives back each channel where it stood", () => {
  fc.assert(fc.property(magnitudes, (row) => {
    const exact = { ...blockFloatingPoint(4, 8), roundTrip: (row: Float32Array) => row.slice() };
    const values = Float32Array.from(row);
    assertEquals(inOrder(exact, keyOrder(row, 8)).roundTrip(values), values);
  }));
});

Deno.test("orders that cannot be are refused", () => {
  assertThrows(() => keyOrder([1, 2, 3], 3), RangeError, "half of the head dimension");
  assertThrows(() => keyOrder([1, 2, 3], 2), RangeError, "heads of 2 must fill them");
  assertThrows(() => valueOrder([1, NaN], 2), RangeError, "finite");
  assertThrows(() => valueOrder([1], 0), RangeError, "the head dimension");
  const format = inOrder(blockFloatingPoint(4, 2), [1, 0]);
  assertThrows(() => format.roundTrip(new Float32Array(4)), RangeError, "2 channels");
});
