import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel, findPim, type Hardware, pimCatalog } from "@fewer-bytes/catalog";
import { decodeAttentionIntensity } from "@fewer-bytes/attention";
import { peakRate } from "@fewer-bytes/roofline";
import { breakEvenFormula, breakEvenIntensity, breakEvenPoints } from "@fewer-bytes/pim";
import fc from "fast-check";

const gpu = findHardware("nvidia-h100-sxm");
/** The same processor, reading over other pins. */
const reading = (bandwidth: number): Hardware => ({
  ...gpu,
  memory: [{ name: "pins", capacity: 80e9, bandwidth }],
});

Deno.test("breakEvenIntensity() of LPDDR5-PIM is the 8 of H2-LLM's figure 3", () => {
  // There memory in the die stops paying at a batch of 8, and for Llama-3-8B's 32 queries with 4 or fewer keys.
  const found = breakEvenIntensity(reading(102.4e9), findPim("samsung-lpddr5-pim"));
  assertEquals(found, 8);
  assertEquals(32 / found, 4);
});

Deno.test("breakEvenIntensity() is the gain in bandwidth for units that do one operation a byte", () => {
  for (const id of ["samsung-hbm-pim", "sk-hynix-gddr6-aim", "attacc-bank", "cent-device"]) {
    const device = findPim(id);
    const gain = device.memory[0].bandwidth / device.pim.external;
    assertAlmostEquals(breakEvenIntensity(reading(device.pim.external), device), gain, 0.01);
  }
});

Deno.test("MHA wins on banks, GQA gains little, absorbed MLA and a batched feed-forward lose", () => {
  const limit = breakEvenIntensity(gpu, findPim("attacc-bank"));
  const at = (model: string) => decodeAttentionIntensity(findModel(model), 4096);
  assert(at("llama-2-7b") < limit / 8);
  assert(at("llama-3.1-70b") < limit && at("llama-3.1-70b") > 0.8 * limit);
  assert(at("deepseek-v3") > 20 * limit);
  assert(breakEvenIntensity(gpu, findPim("duplex-logic-pim")) > 3 * limit);
});

Deno.test("breakEvenIntensity() is where both roofs meet: no other intensity has a speedup of 1", () => {
  for (const device of pimCatalog) {
    const format = device.peak.int8 ? "int8" : "bf16";
    const processor = reading(device.pim.external);
    const found = breakEvenIntensity(processor, device, { format });
    const speedup = (intensity: number) =>
      breakEvenPoints(processor, device, [intensity], { format })[0]!.speedup;
    if (found === 0) {
      assert([0.01, 1, 100].every((intensity) => speedup(intensity) <= 1.001), device.id);
    } else {
      assertAlmostEquals(speedup(found), 1, 1e-9, device.id);
      assert(speedup(found * 0.99) > 1 && speedup(found * 1.01) < 1, device.id);
    }
  }
});

Deno.test("breakEvenPoints() are flat, fall, and are flat again at the ratio of peaks", () => {
  const device = findPim("attacc-bank");
  const [low, lower, far, further] = breakEvenPoints(gpu, device, [0.01, 0.5, 1e4, 1e6], {
    rows: false,
  });
  assertAlmostEquals(low!.speedup, 30.168 / 3.35, 1e-9);
  assertEquals(low!.speedup, lower!.speedup);
  assertAlmostEquals(far!.speedup, peakRate(device, "bf16") / peakRate(gpu, "bf16"), 1e-12);
  assertEquals(far!.speedup, further!.speedup);
});

Deno.test("breakEvenIntensity() is its printed formula, and 0 when memory reads no faster", () => {
  const device = findPim("attacc-bank");
  fc.assert(fc.property(fc.double({ min: 1e9, max: 1e14, noNaN: true }), (pins) => {
    const inside = 30.168e12 * 1024 / (1024 + 29.2e-9 * 32 * 325e6 * 0.5625);
    const found = breakEvenIntensity(reading(pins), device);
    const units = peakRate(device, "bf16");
    if (inside <= pins) assertEquals(found, 0);
    else assertAlmostEquals(found, breakEvenFormula.evaluate({ units, pins }), 1e-9 * found);
  }));
});

Deno.test("breakEvenIntensity() is Infinity against a processor with fewer units than the memory", () => {
  const weak: Hardware = { ...reading(1e12), peak: { bf16: 1e12 } };
  assertEquals(breakEvenIntensity(weak, findPim("attacc-bank")), Infinity);
  assertThrows(() => breakEvenIntensity(gpu, findPim("upmem-dimm")), RangeError, "bf16");
  assertThrows(() => breakEvenPoints(gpu, findPim("attacc-bank"), [0]), RangeError, "intensity");
});
