import { assertAlmostEquals, assertThrows } from "@std/assert";
import {
  affineBitsFormula,
  affineFormat,
  kivi,
  rebuildIntensity,
  rebuildIntensityFormula,
  xquant,
} from "@fewer-bytes/cache";
import { findModel } from "@fewer-bytes/catalog";
import fc from "fast-check";

Deno.test("the printed bits of a group are those of the format", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 256 }), (
    bits,
    group,
  ) => {
    const printed = affineBitsFormula.evaluate({ bits, group });
    assertAlmostEquals(printed, affineFormat(bits, group).bitsPerValue, 1e-9);
  }));
});

Deno.test("the printed intensity of a rebuild is that of the method, without its scales", () => {
  const model = findModel("llama-2-7b");
  const { attention } = model.layers[0]!;
  const method = { ...xquant(4), storage: "int4" } as const;
  const printed = rebuildIntensityFormula.evaluate({ hidden: 4096, width: 4096, bits: 4 });
  assertAlmostEquals(printed, 32_768);
  assertAlmostEquals(rebuildIntensity(method, attention, model), printed);
});

Deno.test("rebuildIntensity() refuses a method that rebuilds nothing", () => {
  const model = findModel("llama-2-7b");
  const { attention } = model.layers[0]!;
  assertThrows(
    () => rebuildIntensity(kivi(2), attention, model),
    RangeError,
    "current method is KIVI",
  );
});
