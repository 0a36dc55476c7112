import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findPim, type Hardware } from "@fewer-bytes/catalog";
import { scanRate, severalPims } from "@fewer-bytes/pim";

const modules = severalPims(findPim("upmem-dimm"), 20);
const core = severalPims(findPim("upmem-dimm"), 1);

Deno.test("one core reads 651 MB/s, above the 628 that PrIM measures, and 234 MB/s when it adds each 32-bit number", () => {
  assertAlmostEquals(scanRate(core, 1e-3) / 128, 651e6, 1e6);
  assertAlmostEquals(scanRate(core, 1 / 4) / 128, 58.33e6 * 4, 1e6); // PrIM: 58.6 million additions a second
});

Deno.test("twenty modules are an order of magnitude faster only without arithmetic, and against old memory", () => {
  const current = findHardware("intel-xeon-8480plus");
  const old: Hardware = {
    ...current,
    memory: [{ name: "DDR4-2666, 6 channels", capacity: 1e11, bandwidth: 128e9 }],
  };
  const gain = (cpu: Hardware, intensity: number) =>
    scanRate(modules, intensity) / scanRate(cpu, intensity);
  assert(gain(old, 1 / 16) > 10);
  assert(gain(current, 1 / 16) > 5 && gain(current, 1 / 16) < 6);
  assert(gain(old, 1 / 4) < 5 && gain(current, 1 / 4) < 2);
  assert(gain(current, 1) < 0.5);
});

Deno.test("scanRate() falls with the operations of each byte, never rises", () => {
  const rates = [1e-3, 1e-2, 0.1, 1, 10].map((intensity) => scanRate(modules, intensity));
  assert(rates.every((rate, index) => index === 0 || rate <= rates[index - 1]!));
  assertThrows(() => scanRate(modules, 0), RangeError, "operationsPerByte");
  assertThrows(() => scanRate(modules, 1, "fp16"), RangeError, "fp16");
});
