import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, hardwareCatalog } from "@fewer-bytes/catalog";
import { energyModel, energyOf, hasEnergyModel } from "@fewer-bytes/serving";

Deno.test("energyModel() gives a device at both peaks its published power", () => {
  for (const hardware of hardwareCatalog) {
    if (hardware.power === undefined || hardware.kind !== "gpu" || !hardware.peak.bf16) continue;
    const model = energyModel(hardware);
    const joules = energyOf(model, {
      seconds: 1,
      bytes: hardware.memory[0].bandwidth,
      flops: hardware.peak.bf16,
    });
    assertAlmostEquals(joules / hardware.power, 1, 1e-9, hardware.id);
  }
});

Deno.test("energyOf() is more for more bytes, more time, more devices", () => {
  const model = energyModel(findHardware("nvidia-h100-sxm"));
  const work = { seconds: 1, bytes: 1e12, flops: 1e14 };
  const base = energyOf(model, work);
  assert(energyOf(model, { ...work, bytes: 2e12 }) - base > 30);
  assert(energyOf(model, { ...work, seconds: 2 }) - base > 100);
  assertAlmostEquals(energyOf(model, work, 4), 4 * base, 1e-9);
});

Deno.test("energyModel() refuses a device of unknown power, and idle power above it", () => {
  const unknown = hardwareCatalog.find(({ power }) => power === undefined)!;
  assertThrows(() => energyModel(unknown), RangeError, "must have a published power");
  assertThrows(
    () => energyModel(findHardware("nvidia-h100-sxm"), "bf16", 0.99),
    RangeError,
    "must stay below the power",
  );
});

Deno.test("hasEnergyModel() is true where energyModel() has one, over the whole catalog", () => {
  let some = 0;
  for (const hardware of hardwareCatalog) {
    if (hasEnergyModel(hardware)) {
      some++;
      assert(energyModel(hardware).perFlop >= 0, hardware.id);
    } else assertThrows(() => energyModel(hardware), RangeError);
  }
  assert(some > 10 && some < hardwareCatalog.length);
});
