import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware } from "@fewer-bytes/catalog";
import { a800, dgx2Tiers, frontierLevels, halfPackage, t3Machine } from "@fewer-bytes/training";

Deno.test("T3's GPU computes with 80 units of 1024 operations at 1.4 GHz", () => {
  assertAlmostEquals(t3Machine.hardware.peak.fp16! / 1e12, 114.7, 0.1);
});

Deno.test("sixteen devices share a DGX-2: half a terabyte, 1.5 and 28", () => {
  const { capacity, bandwidth } = findHardware("nvidia-v100-sxm-32gb").memory[0];
  const tiers = dgx2Tiers({ capacity, bandwidth }, 0);
  assertEquals(tiers.map((tier) => 16 * tier.capacity), [512e9, 1.5e12, 28e12]);
  assertThrows(
    () => dgx2Tiers({ capacity, bandwidth }, 33e9),
    RangeError,
    "what the reserve leaves",
  );
  assertThrows(() => dgx2Tiers({ capacity, bandwidth }, NaN), RangeError, "the reserve");
});

Deno.test("a die is half of a package, and eight of them share a machine's 100 GB/s", () => {
  const die = halfPackage(findHardware("amd-mi250x"));
  assertEquals([die.memory[0].capacity, die.memory[0].bandwidth], [64e9, 1.6e12]);
  assertAlmostEquals(die.peak.bf16! / 1e12, 191.5, 0.1);
  const [dies, packages, machines] = frontierLevels(48);
  assertEquals(dies!.units * packages!.units * machines!.bandwidth, 100e9);
  assertThrows(() => frontierLevels(0), RangeError, "the machines");
});

Deno.test("an A800 is an A100 with a slower NVLink", () => {
  const a100 = findHardware("nvidia-a100-sxm-80gb"), slower = a800(a100);
  assertEquals(slower.links[0]!.bandwidth, 200e9);
  assertEquals(slower.links.slice(1), a100.links.slice(1));
  assertEquals(slower.peak, a100.peak);
});
