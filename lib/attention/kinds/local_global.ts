import type { Layers, Model } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { requireInteger, type Tokens } from "../../units/mod.ts";

/** How far back a token can look, in each layer: a window that counts the token itself, or Infinity for all. */
export type Windows = readonly Tokens[];

/** Which layers of a stack see everything. */
export interface LocalGlobalPattern {
  /** Tokens that a local layer sees, itself included. */
  readonly window: Tokens;
  /** One layer in so many is global, the last of each group; Infinity for none. Gemma 3 has 6, Mistral 7B v0.1 none. */
  readonly globalEvery: number;
}

/**
 * The window of each layer of an interleaved stack.
 *
 * @example Gemma 3 has five local layers, then a global one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layerWindows } from "@fewer-bytes/attention";
 *
 * const windows = layerWindows(7, { window: 1024, globalEvery: 6 });
 * assertEquals(windows, [1024, 1024, 1024, 1024, 1024, Infinity, 1024]);
 * ```
 */
export function layerWindows(layers: number, pattern: LocalGlobalPattern): Tokens[] {
  const { window, globalEvery } = checked(pattern);
  requireInteger(layers, 0, "place windows", "layers");
  return Array.from({ length: layers }, (_, i) => (i + 1) % globalEvery === 0 ? Infinity : window);
}

/** How many keys does the token at a position, counted from 0, see in each layer? */
export function visibleKeysByLayer(windows: Windows, position: number): Tokens[] {
  requireInteger(position, 0, "count visible keys", "the position");
  return windows.map((window) => Math.min(window, position + 1));
}

/** How far a stack of equal windows reaches back, as it is printed and computed. */
export const reachFormula = formula("reach = layers * (window - 1)", {
  reach: "distance to the earliest token that can matter",
  layers: "layers with a window",
  window: "tokens that each layer sees, the token itself included",
});

/**
 * From how far back can anything reach a token through the whole stack?
 *
 * Each layer hands information on by at most window − 1 tokens, so the stack reaches the sum of them. Mistral 7B reaches
 * 32 · 4,095 = 131,040 tokens (its report rounds to 131K): an upper limit of what can matter, not of what is recalled.
 *
 * @returns The largest distance; Infinity with one global layer.
 * @example Five local layers and a global one
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { effectiveReach, layerWindows } from "@fewer-bytes/attention";
 *
 * assertEquals(effectiveReach(layerWindows(5, { window: 1024, globalEvery: 6 })), 5 * 1023);
 * assertEquals(effectiveReach(layerWindows(6, { window: 1024, globalEvery: 6 })), Infinity);
 * ```
 */
export function effectiveReach(windows: Windows): Tokens {
  return windows.reduce(
    (reach, window) =>
      reach + (window === Infinity ? Infinity : requireInteger(window, 1, "reach", "a window") - 1),
    0,
  );
}

/**
 * What would a model cost with this pattern? The same model for the operator table, its global layers made local but for
 * one in so many. Caches of local layers stop growing when their window is full.
 *
 * @throws {TypeError} when a layer has latent attention.
 * @example Llama with the pattern of Gemma 3
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { cacheBytes } from "@fewer-bytes/transformer";
 * import { withWindows } from "@fewer-bytes/attention";
 *
 * const model = findModel("llama-3.1-8b");
 * const mixed = withWindows(model, { window: 1024, globalEvery: 6 });
 * assertAlmostEquals(cacheBytes(mixed, 131_072) / cacheBytes(model, 131_072), 0.163, 0.001);
 * ```
 */
export function withWindows(model: Model, pattern: LocalGlobalPattern): Model {
  const { window, globalEvery } = checked(pattern);
  const layers = model.layers.flatMap((group): Layers[] => {
    const { attention, count } = group;
    if (attention.kind !== "heads") {
      throw new TypeError(`Cannot place windows in ${model.name} as its attention must have heads`);
    }
    const global = Math.floor(count / globalEvery);
    const local = { ...group, count: count - global, attention: { ...attention, window } };
    return [local, { ...group, count: global }].filter(({ count }) => count > 0);
  });
  return { ...model, name: `${model.name}, window ${window}, 1 global in ${globalEvery}`, layers };
}

function checked(pattern: LocalGlobalPattern): LocalGlobalPattern {
  requireInteger(pattern.window, 1, "place windows", "the window");
  if (pattern.globalEvery !== Infinity) {
    requireInteger(pattern.globalEvery, 1, "place windows", "globalEvery");
  }
  return pattern;
}
