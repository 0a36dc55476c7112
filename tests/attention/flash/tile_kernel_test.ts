import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Matrix } from "@fewer-bytes/numeric";
import { accumulateTile, accumulateTransposed, multiplyTile } from "@fewer-bytes/attention";
import { anySizes, distance, randomInputs } from "./random_inputs.ts";

Deno.test("multiplyTile() is queries times transposed keys times the scale, at any edge", () => {
  fc.assert(fc.property(anySizes, fc.nat(1000), (sizes, seed) => {
    const { queries, keys } = randomInputs(sizes, seed);
    const tile = { rows: sizes.queries, columns: sizes.keys };
    const scores = new Float32Array(tile.rows * tile.columns + 1).fill(7);
    multiplyTile(queries.data, keys.data, tile, sizes.width, 0.5, scores);
    const expected = queries.multiply(keys.transpose()).map((score) => score / 2);
    assert(distance(scores.subarray(0, -1), expected.data) < 1e-6);
    assertEquals(scores.at(-1), 7); // nothing is written past the end
  }));
});

Deno.test("accumulateTile() and accumulateTransposed() add matrix products to what is there", () => {
  fc.assert(fc.property(anySizes, fc.nat(1000), (sizes, seed) => {
    const { values } = randomInputs(sizes, seed);
    const tile = { rows: sizes.queries, columns: sizes.keys };
    const weights = Matrix.zeros(tile.rows, tile.columns).map((_, i) => Math.sin(i + seed));
    const outputs = new Float32Array(tile.rows * sizes.valueWidth).fill(1);
    accumulateTile(weights.data, values.data, tile, sizes.valueWidth, outputs);
    assert(distance(outputs, weights.multiply(values).map((x) => x + 1).data) < 1e-5);

    const back = new Float32Array(tile.columns * sizes.valueWidth).fill(1);
    const rows = weights.multiply(values);
    accumulateTransposed(weights.data, rows.data, tile, sizes.valueWidth, back);
    assert(distance(back, weights.transpose().multiply(rows).map((x) => x + 1).data) < 1e-3);
  }));
});

Deno.test("accumulateTile() lets nothing behind the edge in, not even a NaN", () => {
  const values = Float32Array.of(1, 2, NaN, NaN);
  const outputs = new Float32Array(1);
  accumulateTile(Float32Array.of(1, 1), values, { rows: 1, columns: 2 }, 1, outputs);
  assertEquals(outputs[0], 3);
});
