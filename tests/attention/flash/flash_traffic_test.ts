import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { flashAttention, flashTraffic } from "@fewer-bytes/attention";
import { anySizes, anyTile, randomInputs } from "./random_inputs.ts";

for (const order of ["queries outer", "keys outer"] as const) {
  Deno.test(`flashTraffic() with ${order} is, to the byte, what the simulated memory counts`, () => {
    fc.assert(fc.property(anySizes, anyTile, (sizes, tile) => {
      const { memory } = flashAttention(randomInputs(sizes), { tile, order });
      assertEquals(flashTraffic(sizes, tile, order), memory.traffic);
    }));
  });
}

Deno.test("flashTraffic() of FlashAttention's order is 3/2 of FlashAttention-2's, for long contexts and equal tiles", () => {
  const shape = { queries: 65536, keys: 65536, width: 64, valueWidth: 64 };
  const [first, second] = [
    flashTraffic(shape, { rows: 16, columns: 128 }, "keys outer"),
    flashTraffic(shape, { rows: 128, columns: 16 }, "queries outer"),
  ];
  assertEquals(Math.round(100 * first / second), 153); // 3/2, and the maxima and sums
});

Deno.test("flashTraffic() refuses tiles of nothing", () => {
  const shape = { queries: 4, keys: 4, width: 4, valueWidth: 4 };
  assertThrows(() => flashTraffic(shape, { rows: 0, columns: 1 }), RangeError, "rows");
});
