import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { fitReads, flashLoads } from "@fewer-bytes/offload";

// LLM in a flash, table 2: OPT-6.7B in 16 bits on an M1 Max, GB from flash, GB/s and ms of a token.
const table = [
  { step: "everything", gigabytes: 13.4, rate: 6.1, ms: 2196 },
  { step: "half stays", gigabytes: 6.7, rate: 6.1, ms: 1090 },
  { step: "active neurons", gigabytes: 0.9, rate: 1.25, ms: 738 },
  { step: "window", gigabytes: 0.2, rate: 1.25, ms: 164 },
  { step: "bundles", gigabytes: 0.2, rate: 2.25, ms: 87 },
];
const flash = fitReads(
  [[8192, 1.25e9], [16_384, 2.25e9], [2 ** 30, 6.1e9]].map(([bytes, rate]) => ({
    bytes: bytes!,
    seconds: bytes! / rate!,
  })),
);
const setup = {
  model: findModel("opt-6.7b"),
  storage: "fp16",
  flash,
  activity: 0.1,
  window: { loaded: 0.024, resident: 0.24 },
} as const;

Deno.test("flashLoads() is the published table of OPT-6.7B within 12 %", () => {
  const loads = flashLoads(setup);
  assertEquals(
    loads.map(({ step }) => step),
    table.map(({ step }) => step) as typeof loads[number]["step"][],
  );
  loads.forEach((load, row) => {
    assertAlmostEquals(load.bytes / 1e9, table[row]!.gigabytes, 0.1);
    assertAlmostEquals(load.throughput / 1e9 / table[row]!.rate, 1, 0.05);
    assertAlmostEquals(load.seconds * 1e3 / table[row]!.ms, 1, 0.12);
  });
});

Deno.test("flashLoads() saves 23 to 25 times the reading, most of it by what is not read", () => {
  const [all, , , window, bundles] = flashLoads(setup);
  assert(all!.seconds / bundles!.seconds > 20 && all!.seconds / bundles!.seconds < 25);
  assertAlmostEquals(all!.bytes / window!.bytes, 65, 1);
  assert(window!.seconds / bundles!.seconds < 2); // a bundle does not double it
});

Deno.test("flashLoads() in 32 bits reads bundles of 32 KiB for 125 ms, which no point of the fit says (LLM in a flash, 4.1)", () => {
  const bundles = flashLoads({ ...setup, storage: "fp32" }).at(-1)!;
  assertEquals(bundles.chunk, 32_768);
  assertAlmostEquals(bundles.seconds * 1e3 / 125, 1, 0.05);
});

Deno.test("flashLoads() gains nothing from bundles where there is no latency", () => {
  const [, , , window, bundles] = flashLoads({ ...setup, flash: { bandwidth: 6e9 } });
  assertEquals(window!.seconds, bundles!.seconds);
});

Deno.test("flashLoads() refuses shares that are none", () => {
  assertThrows(() => flashLoads({ ...setup, activity: 2 }), RangeError, "activity");
  assertThrows(() => flashLoads({ ...setup, held: -1 }), RangeError, "held");
  assertThrows(() => flashLoads({ ...setup, flash: { bandwidth: 0 } }), RangeError, "bandwidth");
});
