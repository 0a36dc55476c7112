import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
import { operators } from "@fewer-bytes/transformer";
import { fastestBands, fastestProcessor, intensities, withoutPowerLimit } from "@fewer-bytes/pim";

// Duplex (MICRO 2024), section VI: an H100, Logic-PIM, and Bank-PIM with 16 times the bandwidth and one operation a byte.
const gpu = findHardware("nvidia-h100-sxm");
const logic = findPim("duplex-logic-pim");
const banks = withoutPowerLimit(findPim("attacc-bank"));

Deno.test("banks and the logic die are equal at 4 operations a byte, as Duplex finds for Mixtral's attention", () => {
  const bands = fastestBands([gpu, logic, banks], "fp16");
  assertEquals(bands.map(({ hardware }) => hardware.id), [
    "attacc-bank",
    "duplex-logic-pim",
    "nvidia-h100-sxm",
  ]);
  assertAlmostEquals(bands[1]!.from, 4, 0.05);
  assertAlmostEquals(bands[2]!.from, 32, 0.3); // "from few to a few dozens"
});

Deno.test("fastestBands() agrees with fastestProcessor() at each of a thousand intensities", () => {
  const choices = [gpu, logic, banks, findPim("samsung-hbm-pim"), findHardware("nvidia-b200")];
  const bands = fastestBands(choices);
  for (let step = 0; step < 1000; step++) {
    const intensity = 10 ** (-2 + 6 * step / 1000);
    const band = bands.find(({ from, to }) => from <= intensity && intensity < to)!;
    assertEquals(
      fastestProcessor(choices, intensity).hardware.id,
      band.hardware.id,
      `${intensity}`,
    );
  }
  assertEquals([bands[0]!.from, bands.at(-1)!.to], [0, Infinity]);
});

Deno.test("intensities() gives the operations a byte that Duplex states: GQA 4 to 8, experts at least 1", () => {
  const at = (model: string, batch: number, name: string) =>
    intensities(
      operators(findModel(model), { phase: "decode", batch, newTokens: 1, context: 4096 }),
    ).find((row) => row.name === name)!.intensity;
  assertAlmostEquals(at("llama-3.1-8b", 32, "attention"), 4, 0.02);
  assertAlmostEquals(at("llama-3.1-70b", 32, "attention"), 8, 0.05);
  for (const batch of [1, 8, 64]) assert(at("mixtral-8x7b", batch, "experts") > 0.99);
  assert(at("mixtral-8x7b", 64, "experts") > 15 && at("mixtral-8x7b", 64, "experts") < 17);
});

Deno.test("intensities() leaves out what reads neither weights nor caches", () => {
  const names = intensities(
    operators(findModel("llama-2-7b"), { phase: "decode", batch: 1, newTokens: 1, context: 9 }),
  ).map(({ name }) => name);
  assert(names.includes("head") && !names.includes("activation function"));
  assertThrows(() => fastestProcessor([], 1), RangeError, "at least one");
});
