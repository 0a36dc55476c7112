import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findPim, pimCatalog, readPimDevices } from "@fewer-bytes/catalog";
import facts from "../../data/pim.json" with { type: "json" };

Deno.test("the catalog's devices compute what their units give, against the peaks that papers state", () => {
  // H2-LLM (ISCA 2025), table 2; Duplex (MICRO 2024), section VI; CENT (ASPLOS 2025): 512 TB/s and TFLOP/s for 32.
  const cases: [string, number, number][] = [
    ["samsung-hbm-pim", 1.229e12, 1.2e12],
    ["sk-hynix-gddr6-aim", 2 * 512e9, 2 * 512e9],
    ["samsung-lpddr5-pim", 8 * 102.4e9, 8 * 102.4e9],
    ["duplex-logic-pim", 4 * 5 * 665.6e9, 5 * 21.3e12],
    ["cent-device", 16 * 1.024e12, 16 * 1.024e12],
  ];
  for (const [id, bandwidth, peak] of cases) {
    const device = findPim(id);
    const rate = Math.max(...Object.values(device.peak).map((value) => value ?? 0));
    assertAlmostEquals(device.memory[0].bandwidth, bandwidth, bandwidth * 0.01, id);
    assertAlmostEquals(rate, peak, peak * 0.03, id);
  }
});

Deno.test("HBM-PIM's 1.2288 TFLOP/s are 128 units of 16 multiply-adds at 300 MHz, half a unit a bank", () => {
  const { pim, peak } = findPim("samsung-hbm-pim");
  assertEquals(peak.fp16, 128 * 16 * 2 * 300e6);
  assertEquals(pim.level, "bank pair");
  assertEquals(pim.units, 4 * 4 * 16 / 2); // dies, pseudo channels, banks
});

Deno.test("every device states where its units, and their access by the host, come from", () => {
  for (const { id, pim } of pimCatalog) {
    for (const part of ["units", "hostAccess"] as const) {
      assertEquals(pim.sources.some(({ of }) => of.includes(part)), true, `${id} ${part}`);
    }
  }
});

Deno.test("readPimDevices() refuses figures that the units do not give, and says which", () => {
  const [first] = facts.devices;
  const broken = (change: Record<string, unknown>) => [{ ...first, ...change }];
  const cases: [unknown, string][] = [
    [broken({ peak: { int8: "9 GOP/s" } }), "upmem-dimm: the peak must be units x cycle x clock"],
    [
      broken({ memory: [{ name: "DDR4", capacity: "8 GiB", bandwidth: "99 GB/s" }] }),
      "the bandwidth must be",
    ],
    [broken({ pim: { ...first!.pim, level: "cell" } }), "pim: level"],
    [broken({ pim: { ...first!.pim, clock: "350 MB" } }), "pim: clock"],
    [broken({ pim: undefined }), "test.json: upmem-dimm: pim"],
    [broken({ kind: "memory" }), "kind"],
    ["none", "must hold a list"],
  ];
  for (const [json, message] of cases) {
    assertThrows(() => readPimDevices(json, "test.json"), TypeError, message);
  }
});
