import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreaterOrEqual,
  assertThrows,
} from "@std/assert";
import { findHardware, hardwareCatalog, readHardware } from "@fewer-bytes/catalog";
import entries from "../../data/hardware.json" with { type: "json" };

Deno.test("the catalog holds at least 24 accelerators, each figure with its source", () => {
  assertGreaterOrEqual(hardwareCatalog.length, 24);
  for (const { id, sources } of hardwareCatalog) {
    assert(sources.some(({ of }) => of.includes("peak")), id);
  }
});

Deno.test("the catalog holds dense peaks: units times operations per clock times clock", () => {
  // Tensor-core arithmetic from NVIDIA's architecture papers: SMs x dense FP16 FLOP per clock and SM x boost clock.
  const cases: [string, number, number, number][] = [
    ["nvidia-v100-sxm-32gb", 80, 1024, 1.53e9],
    ["nvidia-a100-sxm-80gb", 108, 2048, 1.41e9],
    ["nvidia-h100-sxm", 132, 4096, 1.83e9],
    ["nvidia-rtx-4090", 128, 512, 2.52e9],
  ];
  for (const [id, units, perClock, clock] of cases) {
    const expected = units * perClock * clock;
    assertAlmostEquals(findHardware(id).peak.fp16!, expected, expected * 0.01, id);
  }
});

Deno.test("the catalog's bandwidths are pins times rate", () => {
  // Bus width in bits x data rate per pin / 8, from the same papers and the memory standards.
  const cases: [string, number, number][] = [
    ["nvidia-v100-sxm-32gb", 4096, 1.75e9],
    ["nvidia-a100-sxm-80gb", 5120, 3.186e9],
    ["nvidia-h100-sxm", 5120, 5.24e9],
    ["nvidia-h200-sxm", 6144, 6.25e9],
    ["amd-mi300x", 8192, 5.2e9],
    ["nvidia-rtx-4090", 384, 21e9],
    ["intel-xeon-8480plus", 512, 4.8e9],
  ];
  for (const [id, bits, rate] of cases) {
    assertAlmostEquals(
      findHardware(id).memory[0].bandwidth,
      bits * rate / 8,
      bits * rate / 8 * 0.02,
      id,
    );
  }
});

Deno.test("narrow formats are never slower than wide ones on the same device", () => {
  for (const { id, peak } of hardwareCatalog) {
    const floats = [peak.fp32, peak.tf32, peak.bf16, peak.fp8, peak.fp4].filter((rate) =>
      rate !== undefined
    );
    assertEquals(floats, floats.toSorted((a, b) => a - b), id);
    if (peak.int8 && peak.int4) assertGreaterOrEqual(peak.int4, peak.int8, id);
  }
});

Deno.test("readHardware() names the file, the entry, the field, the value and what is allowed", () => {
  const broken = (change: Record<string, unknown>) => [{ ...entries[0], ...change }];
  const cases: [unknown, string][] = [
    [
      broken({ power: "300 s" }),
      "test.json: nvidia-v100-sxm-32gb: power: Cannot use a quantity of another dimension",
    ],
    [broken({ peak: { fp16: "125 TFLOP" } }), "peak.fp16"],
    [broken({ peak: { fp17: "125 TFLOP/s" } }), "peak"],
    [broken({ memory: [{ name: "HBM2", capacity: "32 GB" }] }), "memory.0.bandwidth"],
    [
      broken({ year: "2017" }),
      'year: Invalid input: expected number, received string: current value is "2017"',
    ],
    [broken({ watts: 3 }), "watts"],
    [broken({ sources: [] }), "must name a source of peak"],
    [[entries[0], entries[0]], "id must be unique"],
    [[null], "entry 0"],
    ["x", "must hold a list"],
  ];
  for (const [json, words] of cases) {
    assertThrows(() => readHardware(json, "test.json"), TypeError, words);
  }
});

Deno.test("findHardware() lists similar names for an unknown one", () => {
  assertThrows(() => findHardware("h100"), RangeError, "nvidia-h100-sxm");
  assertThrows(() => findHardware("__proto__"), RangeError, '"__proto__"');
});
