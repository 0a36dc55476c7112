import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findAccessPath, findHardware, findMemoryLink } from "@fewer-bytes/catalog";
import {
  accessLatency,
  behind,
  faultBandwidth,
  faultingTier,
  mainMemory,
  tierBandwidth,
} from "@fewer-bytes/memory";

Deno.test("a gigabyte in faults of 4 KiB at 5 µs takes 1.2 s, where two copies of it take a tenth", () => {
  // Fridays with Faraday (2019): 256,000 faults, 1.28 s, against transfers of 50 ms.
  const faults = { page: 4096, latency: accessLatency(findAccessPath("gpu-page-fault")).least };
  assertAlmostEquals(1e9 / faultBandwidth(faults, 20e9), 1.28, 0.02);
});

Deno.test("faultBandwidth() rises with the page and with faults handled together, to that of the link", () => {
  const rate = (page: number, together: number) =>
    faultBandwidth({ page, latency: 20e-6, together }, 64e9);
  assertEquals(rate(4096, 16), rate(65_536, 1)); // the same bytes for each wait
  const rates = [rate(4096, 1), rate(65_536, 1), rate(2 ** 21, 1), rate(2 ** 21, 64)];
  assertEquals(rates, rates.toSorted((a, b) => a - b));
  assert(rates.at(-1)! < 64e9 && rates.at(-1)! > 63e9);
});

Deno.test("faultingTier() is the host's memory, at the rate of faults", () => {
  const host = behind(mainMemory(findHardware("amd-epyc-9654")), findMemoryLink("pcie-4-x16"));
  const tier = faultingTier(host, { page: 4096, latency: 20e-6 });
  assertEquals([tier.capacity, tier.granularity, tier.link], [host.capacity, 4096, host.link]);
  assertAlmostEquals(tierBandwidth(tier) / 1e9, 0.203, 0.001);
});

Deno.test("faults refuse pages and latencies that are none", () => {
  assertThrows(() => faultBandwidth({ page: 0, latency: 1 }, 1), RangeError, "the page");
  assertThrows(() => faultBandwidth({ page: 1, latency: -1 }, 1), RangeError, "the latency");
  assertThrows(
    () => faultBandwidth({ page: 1, latency: 1, together: 0 }, 1),
    RangeError,
    "together",
  );
  assertThrows(() => faultBandwidth({ page: 1, latency: 1 }, 0), RangeError, "the bandwidth");
});
