import { Matrix } from "../../numeric/mod.ts";
import {
  type AttentionInputs,
  type AttentionOptions,
  attentionShape,
  keysSeen,
} from "./attention_inputs.ts";
import type { FlashResult } from "./flash_attention.ts";
import type { AttentionGradients } from "./plain_backward.ts";
import type { Tile } from "./tile.ts";
import { accumulateTile, accumulateTransposed, multiplyTile } from "./tile_kernel.ts";
import { tilePlaces } from "./tile_places.ts";
import { TwoLevelMemory } from "./two_level_memory.ts";

/**
 * How is attention differentiated without the N × N weights? They are computed again, tile by tile, from one number that
 * the forward pass left for each query: weight = e^(score − logSumExp). More arithmetic, fewer bytes.
 *
 * Keys and values with their gradients are held; queries, their output gradients and their unfinished gradients pass.
 *
 * Source: Dao, "FlashAttention-2" (2023), algorithm 2.
 *
 * @param forward What {@linkcode flashAttention} left for the same inputs and options.
 * @param outputGradient How the loss changes with each output.
 * @param options The same as forward; where it runs; and its tile, default 16 by 16.
 * @throws {RangeError} when the tile is larger than the fast memory.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { flashAttention, flashBackward, plainBackward } from "@fewer-bytes/attention";
 *
 * const random = seeded(1);
 * const normal = () => Matrix.zeros(40, 8).map(() => random.normal());
 * const [inputs, gradient] = [{ queries: normal(), keys: normal(), values: normal() }, normal()];
 * const { keys } = flashBackward(inputs, flashAttention(inputs), gradient);
 * const expected = plainBackward(inputs, gradient).keys;
 * keys.data.forEach((value, i) => assertAlmostEquals(value, expected.data[i]!, 1e-5));
 * ```
 */
export function flashBackward(
  inputs: AttentionInputs,
  forward: Pick<FlashResult, "output" | "logSumExp">,
  outputGradient: Matrix<Float32Array>,
  options: AttentionOptions & { readonly memory?: TwoLevelMemory; readonly tile?: Tile } = {},
): AttentionGradients & { readonly memory: TwoLevelMemory } {
  const shape = attentionShape(inputs, options);
  const { width: d, valueWidth: dv, scale, queries, keys } = shape;
  const { memory = new TwoLevelMemory(100 * 1024), tile = { rows: 16, columns: 16 } } = options;
  const [rows, columns] = [Math.min(tile.rows, queries), Math.min(tile.columns, keys)];
  const gradients = {
    queries: Matrix.zeros(queries, d),
    keys: Matrix.zeros(keys, d),
    values: Matrix.zeros(keys, dv),
  };
  const place = (name: string, data: Float32Array) => memory.place(name, data);
  const slow = {
    q: place("queries", inputs.queries.data),
    k: place("keys", inputs.keys.data),
    v: place("values", inputs.values.data),
    dO: place("output gradient", outputGradient.data),
    logSumExp: place("logSumExp", forward.logSumExp),
    means: place("row means", rowMeans(forward.output, outputGradient)),
    dQ: place("query gradient", gradients.queries.data),
    dK: place("key gradient", gradients.keys.data),
    dV: place("value gradient", gradients.values.data),
  };
  const fast = {
    q: memory.tile("queries", rows * d),
    k: memory.tile("keys", columns * d),
    v: memory.tile("values", columns * dv),
    dO: memory.tile("output gradient", rows * dv),
    logSumExp: memory.tile("logSumExp", rows),
    means: memory.tile("row means", rows),
    dQ: memory.tile("query gradient", rows * d),
    dK: memory.tile("key gradient", columns * d),
    dV: memory.tile("value gradient", columns * dv),
    weights: memory.tile("weights", rows * columns),
    slopes: memory.tile("score gradient", rows * columns),
  };
  const { places } = tilePlaces(shape, { rows, columns }, "keys outer");
  places.forEach((at, turn) => {
    if (at.newKeys) {
      memory.read(slow.k, at.column * d, fast.k, at.columns * d);
      memory.read(slow.v, at.column * dv, fast.v, at.columns * dv);
      fast.dK.fill(0);
      fast.dV.fill(0);
    }
    memory.read(slow.q, at.row * d, fast.q, at.rows * d);
    memory.read(slow.dO, at.row * dv, fast.dO, at.rows * dv);
    memory.read(slow.logSumExp, at.row, fast.logSumExp, at.rows);
    memory.read(slow.means, at.row, fast.means, at.rows);
    if (at.first) fast.dQ.fill(0);
    else memory.read(slow.dQ, at.row * d, fast.dQ, at.rows * d);

    multiplyTile(fast.q, fast.k, at, d, scale, fast.weights);
    multiplyTile(fast.dO, fast.v, at, dv, 1, fast.slopes);
    for (let r = 0; r < at.rows; r++) {
      const seen = keysSeen(shape, at.row + r) - at.column;
      for (let c = 0, i = r * at.columns; c < at.columns; c++, i++) {
        const weight = c < seen ? Math.exp(fast.weights[i]! - fast.logSumExp[r]!) : 0;
        fast.weights[i] = weight;
        fast.slopes[i] = weight * (fast.slopes[i]! - fast.means[r]!) * scale;
      }
    }
    accumulateTransposed(fast.weights, fast.dO, at, dv, fast.dV);
    accumulateTransposed(fast.slopes, fast.q, at, d, fast.dK);
    accumulateTile(fast.slopes, fast.k, at, d, fast.dQ);

    memory.write(fast.dQ, slow.dQ, at.row * d, at.rows * d);
    if (places[turn + 1]?.column !== at.column) {
      memory.write(fast.dK, slow.dK, at.column * d, at.columns * d);
      memory.write(fast.dV, slow.dV, at.column * dv, at.columns * dv);
    }
  });
  memory.release(...Object.values(fast));
  return { ...gradients, memory };
}

/** rowsum(P ∘ dP) without P: it equals the product of each output with its gradient. */
function rowMeans(output: Matrix<Float32Array>, gradient: Matrix<Float32Array>) {
  return Float32Array.from({ length: output.rows }, (_, i) => {
    const other = gradient.row(i);
    return output.row(i).reduce((sum, value, x) => sum + value * other[x]!, 0);
  });
}
