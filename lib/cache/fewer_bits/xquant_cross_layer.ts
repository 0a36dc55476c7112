import type { CacheEntry, LanguageModel, Weight } from "../../lm/mod.ts";
import { type Model } from "../../catalog/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";
import { type Bytes, requireInteger } from "../../units/mod.ts";
import { affineFormat, affineOverhead, affineStorage } from "./affine_format.ts";
import { cacheLayers, LayeredCache } from "./layered_cache.ts";
import { RebuiltLayer } from "./rebuilt_layer.ts";
import type { RowStore } from "./row_store.ts";
import { TokenRows } from "./token_rows.ts";
import { keyWidth, type XQuantOptions } from "./xquant.ts";

/** How a cross-layer cache stores. */
export interface XQuantCrossLayerOptions extends XQuantOptions {
  /** The first layers, whose inputs are stored whole and not as differences. Default 1. */
  readonly baseLayers?: number;
  /** Their bits. Default 4. */
  readonly baseBits?: number;
}

/**
 * Need every layer's input be stored, when a layer adds but a little to it? XQuant-CL stores the first input, and for each
 * later layer only the difference to the estimate so far: X̂ = X̂ of the layer below + rounded (X − X̂ of the layer below).
 * An error made below is seen by the difference, so errors do not add up. (Tomar et al. 2025, section on cross-layer.)
 *
 * The gain of each norm would make inputs differ for no reason; it is divided out of what is stored, and multiplied into
 * the key and value matrices.
 *
 * `traffic` also counts the estimate of the layer below, read and written for every token: it is of full width and
 * precision. In memory only one layer of it has to exist; what moves, it dominates.
 *
 * @throws {RangeError} when bits are not from 1 to 8, groups do not fill the hidden state, or there are fewer layers.
 * @example The first layer has 4 bits, the other four have 2; each pays half a bit for scales
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { XQuantCrossLayerCache } from "@fewer-bytes/cache";
 * import { forward, loadModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const cache = new XQuantCrossLayerCache(model, { bits: 2, groupSize: 64 });
 * forward(model, [{ tokens: [0, 5], cache }]);
 * assertEquals(8 * cache.bytes / (2 * 192), 4.5 + 4 * 2.5);
 * ```
 */
export class XQuantCrossLayerCache extends LayeredCache {
  constructor(model: LanguageModel, options: XQuantCrossLayerOptions = {}) {
    const { bits = 3, groupSize = 64, baseLayers = 1, baseBits = 4, ...rest } = options;
    requireBase(baseLayers, model.layers.length);
    const width = model.shape.hiddenSize;
    const stores: TokenRows[] = [];
    super(cacheLayers(model, (layer, index) => {
      const below = index < baseLayers ? undefined : stores[index - 1]!;
      const store = new TokenRows(width, {
        ...rest,
        format: affineFormat(below ? bits : baseBits, groupSize),
        ...(below && { prediction: estimateOf(below, width) }),
      });
      stores.push(store);
      const { attentionNorm: gain } = layer;
      const keep = ({ hidden }: CacheEntry) =>
        hidden.map((value, channel) => gain[channel] ? value / gain[channel] : 0);
      return new RebuiltLayer({
        shape: model,
        keys: { store, keep, weight: withGain(layer.keys, gain) },
        values: { store, keep, weight: withGain(layer.values, gain) },
        beside: (): Bytes => below ? 2 * 4 * width * store.count : 0,
      });
    }));
  }
}

/** The estimate of the layer below, for a token that has been there already. */
function estimateOf(below: RowStore, width: number): (place: number) => Float32Array {
  return (place) => {
    if (place >= below.count) {
      throw new RangeError(
        `Cannot store a difference as the layer below must have the token first: it has ${below.count}, and ${place} is wanted`,
      );
    }
    return below.rows.subarray(place * width, (place + 1) * width);
  };
}

const folded = new WeakMap<Weight, { readonly gain: Float32Array; readonly weight: Weight }>();

/** A matrix that reads inputs before the gain of their norm; made once. */
function withGain(weight: Weight, gain: Float32Array): Weight {
  const known = folded.get(weight);
  if (known?.gain === gain) return known.weight;
  const data = weight.data.map((value, i) => value * gain[i % weight.inputs]!);
  const made = { ...weight, data };
  folded.set(weight, { gain, weight: made });
  return made;
}

function requireBase(baseLayers: number, layers: number): void {
  if (requireInteger(baseLayers, 1, "store differences", "the base layers") > layers) {
    throw new RangeError(
      `Cannot store differences as the base layers must be at most ${layers}: current value is ${baseLayers}`,
    );
  }
}

/**
 * What does XQuant-CL make of a cache in a deployment? As `xquant()`, with fewer bits in all layers but the first ones.
 *
 * A storage format is one for all layers: bits of the base layers are counted beside the codes, in a group that goes
 * through all layers. The bytes of the whole cache are exact, and those of a single layer are the mean.
 *
 * @param bits 2, 3, 4 or 8, for the differences.
 * @param model Says how many layers there are.
 * @throws {RangeError} for other bits, or fewer layers than base layers.
 * @example Differences of 3 bits, three layers of 4: 9.7 times less than 16-bit keys and values
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { xquantCrossLayer } from "@fewer-bytes/cache";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cacheBytes } from "@fewer-bytes/transformer";
 *
 * const model = findModel("llama-2-7b");
 * const method = xquantCrossLayer(3, model, { baseLayers: 3 });
 * assertAlmostEquals(cacheBytes(model, 1000) / cacheBytes(model, 1000, { method }), 9.57, 0.01);
 * ```
 */
export function xquantCrossLayer(
  bits: number,
  model: Model,
  options: Omit<XQuantCrossLayerOptions, "bits" | "waiting"> = {},
): CacheMethod {
  const { groupSize = 128, window = 0, baseLayers = 1, baseBits = 4 } = options;
  const layers = model.layers.reduce((sum, { count }) => sum + count, 0);
  requireBase(baseLayers, layers);
  const { format } = affineStorage(bits, groupSize);
  const extra = baseLayers * (baseBits - bits) * groupSize;
  return {
    name: `XQuant-CL ${bits}-bit`,
    storage: {
      format,
      groupSize: layers * groupSize,
      scaleBits: layers * affineOverhead + extra,
    },
    recent: requireInteger(window, 0, "describe XQuant-CL", "the window"),
    kept: (attention, { hiddenSize }) => ({
      values: hiddenSize,
      rebuild: hiddenSize * (4 * keyWidth(attention) + 1),
    }),
  };
}
