/** What the tests of caches share: a small model with random weights, some tokens for it, and every cache. */
import {
  BlockFloatCache,
  FormatCache,
  KiviCache,
  TurboQuantCache,
  type WaitingFormat,
  XQuantCache,
  XQuantCrossLayerCache,
  XQuantLatentCache,
} from "@fewer-bytes/cache";
import { forward, type KeyValueCache, type LanguageModel } from "@fewer-bytes/lm";
import { blockFloatingPoint } from "@fewer-bytes/quantization";
import { tinyConfig, tinyModel } from "../../lm/runtime/tiny.ts";

export const model = tinyModel();
export const width = model.keyValueHeads * model.headDimension;
export const hidden = model.shape.hiddenSize;

/** The same tokens each time, none of which is alone of its kind. */
export function someTokens(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (7 * i * i + 3 * i) % tinyConfig.vocab_size);
}

/** Logits after each token. */
export function logitsOf(cache: KeyValueCache, tokens: number[], of = model): Float32Array {
  return forward(of, [{ tokens, cache }], { logits: "all" })[0]!;
}

interface Setting {
  readonly window: number;
  readonly waiting?: WaitingFormat;
}

/** Every cache, at many bits or few, with a window; groups of 4 throughout. */
export const caches: Readonly<
  Record<string, (bits: number, setting: Setting, of?: LanguageModel) => KeyValueCache>
> = {
  KIVI: (bits, s, of = model) => new KiviCache(of, { bits, groupSize: 4, ...s }),
  "KIVI before rotation": (bits, s, of = model) =>
    new KiviCache(of, { bits, groupSize: 4, beforeRotation: true, ...s }),
  TurboQuant: (bits, s, of = model) => new TurboQuantCache(of, { bits, ...s }),
  "block floating point": (bits, s, of = model) =>
    new BlockFloatCache(of, { mantissaBits: bits, blockSize: 4, ...s }),
  "any format": (bits, s, of = model) =>
    new FormatCache(of, { keys: blockFloatingPoint(bits, 8), ...s }),
  XQuant: (bits, s, of = model) => new XQuantCache(of, { bits, groupSize: 4, ...s }),
  "XQuant latent": (bits, s, of = model) => new XQuantLatentCache(of, { bits, groupSize: 4, ...s }),
  "XQuant-CL": (bits, s, of = model) =>
    new XQuantCrossLayerCache(of, { bits, baseBits: bits, groupSize: 4, ...s }),
};

/** The largest difference between two arrays. */
export function gap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < b.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
