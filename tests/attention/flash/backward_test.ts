import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { growthPerStep, Matrix } from "@fewer-bytes/numeric";
import {
  flashAttention,
  flashBackward,
  plainBackward,
  TwoLevelMemory,
} from "@fewer-bytes/attention";
import { anySizes, anyTile, distance, randomInputs, wide, wideInputs } from "./random_inputs.ts";

const slopes = (rows: number, columns: number) =>
  Matrix.zeros(rows, columns).map((_, i) => Math.sin(3 * i));

Deno.test("flashBackward() is the closed-form gradient for any tile, masked or not", () => {
  fc.assert(
    fc.property(anySizes, anyTile, fc.boolean(), fc.nat(999), (sizes, tile, causal, seed) => {
      const inputs = randomInputs(sizes, seed);
      const gradient = slopes(sizes.queries, sizes.valueWidth);
      const forward = flashAttention(inputs, { causal });
      const found = flashBackward(inputs, forward, gradient, { causal, tile });
      const expected = plainBackward(wideInputs(inputs), wide(gradient), { causal });
      for (const name of ["queries", "keys", "values"] as const) {
        assert(distance(found[name].data, expected[name].data) < 2e-5, name);
      }
    }),
  );
});

Deno.test("flashBackward() stores no weights: its slow memory grows with the length, not its square", () => {
  const stored = (n: number) => {
    const inputs = randomInputs({ queries: n, keys: n, width: 4, valueWidth: 4 });
    const { memory } = flashBackward(inputs, flashAttention(inputs), slopes(n, 4));
    return memory.arrays.reduce((sum, { data }) => sum + data.length, 0);
  };
  const growth = growthPerStep([[0, stored(32)], [1, stored(64)], [2, stored(128)]]);
  assertAlmostEquals(growth, 2, 1e-9);
});

Deno.test("flashBackward() reads queries once for each column of tiles, and holds no more than it is given", () => {
  const inputs = randomInputs({ queries: 64, keys: 64, width: 8, valueWidth: 8 });
  const forward = flashAttention(inputs);
  const memory = new TwoLevelMemory(8192);
  flashBackward(inputs, forward, slopes(64, 8), { memory, tile: { rows: 8, columns: 16 } });
  const read = memory.arrays.find(({ name }) => name === "queries")!.bytesRead;
  assert(read === 4 * 64 * 8 * 4 && memory.peak <= 8192);
  const tight = { memory: new TwoLevelMemory(1024) };
  assertThrows(
    () => flashBackward(inputs, forward, slopes(64, 8), tight),
    RangeError,
    "larger than",
  );
});
