import {
  type CachedTokens,
  type CacheEntry,
  denseCache,
  forward,
  type KeyValueCache,
  type LanguageModel,
} from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { turnKeys } from "./unrotated_keys.ts";

/** What the tokens of a sequence left in one layer: a row for each token. */
export interface RecordedRows {
  /** As they are cached, rotated to their positions. */
  readonly keys: Matrix<Float32Array>;
  /** As they were before. */
  readonly unrotated: Matrix<Float32Array>;
  readonly values: Matrix<Float32Array>;
  /** The normalized input that keys and values are made from. */
  readonly hidden: Matrix<Float32Array>;
}

/**
 * What is in a cache? Runs a model over some tokens and gives what each layer would cache, to look at it.
 *
 * @returns One for each layer.
 * @throws {RangeError} without tokens, or for one that the model does not know.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { recordRows } from "@fewer-bytes/cache";
 * import { loadModel } from "@fewer-bytes/lm";
 *
 * const [first, ...others] = recordRows(await loadModel("target"), [0, 5, 9]);
 * assertEquals(others.length, 4);
 * assertEquals([first!.keys.rows, first!.keys.columns, first!.hidden.columns], [3, 64, 192]);
 * assertEquals(first!.keys.row(0), first!.unrotated.row(0)); // at position 0 nothing is turned
 * ```
 */
export function recordRows(model: LanguageModel, tokens: ArrayLike<number>): RecordedRows[] {
  const width = model.keyValueHeads * model.headDimension;
  const layers = model.layers.map(() => ({
    keys: Matrix.zeros(tokens.length, width),
    unrotated: Matrix.zeros(tokens.length, width),
    values: Matrix.zeros(tokens.length, width),
    hidden: Matrix.zeros(tokens.length, model.shape.hiddenSize),
  }));
  const record = (layer: number, { position, keys, values, hidden }: CacheEntry) => {
    const rows = layers[layer]!;
    rows.keys.row(position).set(keys);
    rows.unrotated.row(position).set(keys);
    turnKeys(rows.unrotated.row(position), model, -position);
    rows.values.row(position).set(values);
    rows.hidden.row(position).set(hidden);
  };
  forward(model, [{ tokens, cache: new Listener(denseCache(model), record) }]);
  return layers;
}

/** Passes everything on to a cache, and listens. */
class Listener implements KeyValueCache {
  constructor(
    readonly cache: KeyValueCache,
    readonly listen: (layer: number, entry: CacheEntry) => void,
  ) {}

  get length(): number {
    return this.cache.length;
  }

  get bytes(): number {
    return this.cache.bytes;
  }

  append(layer: number, entry: CacheEntry): void {
    this.listen(layer, entry);
    this.cache.append(layer, entry);
  }

  read(layer: number, query: Float32Array): CachedTokens {
    return this.cache.read(layer, query);
  }

  advance(tokens: number): void {
    this.cache.advance(tokens);
  }
}
