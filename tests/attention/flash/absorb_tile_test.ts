import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { absorbTile, attentionShape, emptyPart, mergeParts, partOf } from "@fewer-bytes/attention";
import { anySizes, distance, randomInputs, wideInputs } from "./random_inputs.ts";

Deno.test("absorbTile() leaves in each row what merging the parts of both tiles leaves", () => {
  fc.assert(
    fc.property(anySizes, fc.nat(1000), fc.nat(22), fc.boolean(), (sizes, seed, at, causal) => {
      const inputs = randomInputs(sizes, seed);
      const { queries, keys, values } = wideInputs(inputs);
      const shape = attentionShape(inputs, { causal });
      const cut = Math.min(at, sizes.keys);
      const rows = sizes.queries;
      const state = {
        queries: inputs.queries.data,
        scores: new Float32Array(rows * sizes.keys),
        outputs: new Float32Array(rows * sizes.valueWidth),
        maxima: new Float32Array(rows).fill(-Infinity),
        sums: new Float32Array(rows),
      };
      for (const [from, to] of [[0, cut], [cut, sizes.keys]] as const) {
        if (from === to) continue;
        const tiles = {
          ...state,
          keys: inputs.keys.data.subarray(from * sizes.width),
          values: inputs.values.data.subarray(from * sizes.valueWidth),
        };
        absorbTile(tiles, { row: 0, rows, column: from, columns: to - from }, shape);
      }
      const scores = queries.multiply(keys.transpose());
      for (let r = 0; r < rows; r++) {
        const seen = causal ? r + 1 + sizes.keys - rows : sizes.keys;
        const masked = scores.row(r).map((score, j) => j < seen ? score * shape.scale : -Infinity);
        const part = mergeParts(emptyPart(sizes.valueWidth), partOf(masked, values));
        assert(distance([state.maxima[r]!], [part.maximum]) < 1e-5 || seen <= 0);
        assert(Math.abs(state.sums[r]! - part.sum) < 1e-5 * (1 + part.sum));
        const outputs = state.outputs.subarray(r * sizes.valueWidth, (r + 1) * sizes.valueWidth);
        assert(distance(outputs, part.weighted) < 1e-4);
        if (seen <= 0) assertEquals(state.maxima[r], -Infinity);
      }
    }),
  );
});
