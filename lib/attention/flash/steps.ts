import type { AttentionInputs } from "./attention_inputs.ts";
import { attentionShape, keysSeen } from "./attention_inputs.ts";
import { flashAttention, type FlashOptions } from "./flash_attention.ts";
import { fitTile } from "./tile.ts";
import { tilePlaces } from "./tile_places.ts";
import { TwoLevelMemory } from "./two_level_memory.ts";
import type { Bytes } from "../../units/mod.ts";

/** One turn of a tiled attention, for a picture. */
export interface FlashStep {
  readonly turn: number;
  /** First query of the tile, and the one behind its last. */
  readonly rows: readonly [number, number];
  /** First key, and the one behind the last. */
  readonly columns: readonly [number, number];
  /** "partly" where the diagonal crosses the tile, "wholly" where it was skipped. */
  readonly masked: "no" | "partly" | "wholly";
  /** What was brought into the fast memory for this turn. */
  readonly brought: readonly string[];
  /** Largest score that each of its queries has seen so far. */
  readonly maxima: readonly number[];
  /** Sum of exponentials, relative to that maximum; empty when the result has just been finished. */
  readonly sums: readonly number[];
  /** Bytes moved since the beginning. */
  readonly bytesRead: Bytes;
  readonly bytesWritten: Bytes;
}

/**
 * What does FlashAttention do, turn by turn? The whole run as data: which tile is in the fast memory, what had to be brought,
 * the running maxima and sums, and the bytes so far. Skipped tiles are listed where their turn would have been.
 *
 * @param inputs Small ones: there is an entry for each tile.
 * @example A causal run over 4 tokens in tiles of 2: three turns, and one that is skipped
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { flashSteps } from "@fewer-bytes/attention";
 *
 * const zeros = () => Matrix.zeros(4, 2);
 * const tile = { rows: 2, columns: 2 };
 * const steps = flashSteps({ queries: zeros(), keys: zeros(), values: zeros() }, { causal: true, tile });
 * assertEquals(steps.map(({ masked }) => masked), ["partly", "wholly", "no", "partly"]);
 * assertEquals(steps[0]!.brought, ["keys and values 0–1", "queries 0–1"]);
 * ```
 */
export function flashSteps(inputs: AttentionInputs, options: FlashOptions = {}): FlashStep[] {
  const shape = attentionShape(inputs, options);
  const { memory = new TwoLevelMemory(100 * 1024), order = "queries outer" } = options;
  const tile = options.tile ?? fitTile(memory.fastBytes, shape, order);
  const { places, skipped } = tilePlaces(shape, tile, order);
  const name = (what: string, first: number, count: number) =>
    `${what} ${first}–${first + count - 1}`;
  const turns: Omit<FlashStep, "turn">[] = [];
  flashAttention(inputs, {
    ...options,
    memory,
    order,
    tile,
    onTile: (at, { maxima, sums }) => {
      const { newKeys, newQueries, first, last } = places[turns.length]!;
      const { row, rows, column, columns } = at;
      turns.push({
        rows: [row, row + rows],
        columns: [column, column + columns],
        masked: keysSeen(shape, row) < column + columns ? "partly" : "no",
        brought: [
          ...newKeys ? [name("keys and values", column, columns)] : [],
          ...newQueries ? [name("queries", row, rows)] : [],
          ...newQueries && !first ? [name("unfinished results", row, rows)] : [],
        ],
        maxima: [...maxima.subarray(0, rows)],
        sums: last ? [] : [...sums.subarray(0, rows)],
        bytesRead: memory.bytesRead,
        bytesWritten: memory.bytesWritten,
      });
    },
  });
  const empty = skipped.map(({ row, rows, column, columns }): Omit<FlashStep, "turn"> => ({
    rows: [row, row + rows],
    columns: [column, column + columns],
    masked: "wholly",
    brought: [],
    maxima: [],
    sums: [],
    bytesRead: 0,
    bytesWritten: 0,
  }));
  const key = ({ rows, columns }: Pick<FlashStep, "rows" | "columns">) =>
    order === "queries outer" ? [rows[0], columns[0]] : [columns[0], rows[0]];
  const inOrder = [...turns, ...empty].sort((a, b) => {
    const [p, q] = [key(a), key(b)];
    return p[0]! - q[0]! || p[1]! - q[1]!;
  });
  let bytes = { bytesRead: 0, bytesWritten: 0 };
  return inOrder.map((step, turn) => {
    if (step.masked === "wholly") return { turn, ...step, ...bytes };
    bytes = { bytesRead: step.bytesRead, bytesWritten: step.bytesWritten };
    return { turn, ...step };
  });
}
