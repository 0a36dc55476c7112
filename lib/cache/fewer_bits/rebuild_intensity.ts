import { type Attention, bytesPerValue, type Model } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import type { CacheMethod } from "../../transformer/mod.ts";

/** The bits that a value of a group really takes, as they are printed and computed. */
export const affineBitsFormula = formula("stored = bits + (16 + 16) / group", {
  stored: "bits of one value with its part of scale and minimum",
  bits: "bits of a code",
  group: "values that share a scale and a minimum",
});

/** What XQuant computes for each byte that it reads, scales left aside, as it is printed and computed. */
export const rebuildIntensityFormula = formula(
  "intensity = 4 * hidden * width / (hidden * bits / 8)",
  {
    intensity: "operations for each byte",
    hidden: "values of the input of a layer",
    width: "values of the keys of a token",
    bits: "bits of a value",
  },
);

/**
 * Is making keys and values again free? The operations for each byte that is read instead of them. Where it is above the
 * ridge point of the hardware, some hundred operations a byte, a read is bound by computing: memory is saved, time is not.
 *
 * @param method One that keeps something in the place of keys and values and says how it lies in memory.
 * @throws {RangeError} when the method keeps keys and values, or does not say how.
 * @example A hundred times the ridge point of an H100, which is about 295
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { rebuildIntensity, xquant } from "@fewer-bytes/cache";
 * import { findModel } from "@fewer-bytes/catalog";
 *
 * const model = findModel("llama-2-7b");
 * const { attention } = model.layers[0]!;
 * assertAlmostEquals(rebuildIntensity(xquant(4), attention, model) / 295, 105, 1);
 * ```
 */
export function rebuildIntensity(method: CacheMethod, attention: Attention, model: Model): number {
  const { name, storage, kept } = method;
  if (!kept || !storage) {
    throw new RangeError(
      `Cannot count what is rebuilt as a method must keep something else than keys and values, in a format: current method is ${name}`,
    );
  }
  const { values, rebuild } = kept(attention, model);
  return rebuild / (values * bytesPerValue(storage));
}
