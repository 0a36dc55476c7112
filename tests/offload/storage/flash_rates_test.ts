import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findComputingDrive, findModel, offloadMachines } from "@fewer-bytes/catalog";
import { bandwidthGain, internalBandwidth, pimTime } from "@fewer-bytes/pim";
import { operators } from "@fewer-bytes/transformer";
import { arrayRateFormula, driveAsMemory, flashRates } from "@fewer-bytes/offload";

Deno.test("flashRates() of dies is the printed formula", () => {
  for (const drive of offloadMachines.drives) {
    if (!drive.array) continue;
    const { chips, dies, page, read } = drive.array;
    const expected = arrayRateFormula.evaluate({
      channels: drive.channels,
      chips,
      dies,
      page,
      read,
    });
    assertAlmostEquals(flashRates(drive).array! / expected, 1, 1e-12);
  }
});

Deno.test("flashRates() narrow on the way out", () => {
  for (const drive of offloadMachines.drives) {
    const { array = Infinity, channels, link } = flashRates(drive);
    assert(array >= channels && channels >= link);
  }
});

Deno.test("driveAsMemory() is memory that computes: rates and gains of lib/pim hold for it", () => {
  const large = driveAsMemory(findComputingDrive("cambricon-llm-l"));
  assertAlmostEquals(internalBandwidth(large) / 279.62e9, 1, 1e-4);
  assertAlmostEquals(bandwidthGain(large), 8.74, 0.01);
  const csd = driveAsMemory(findComputingDrive("instinfer-csd"));
  assertAlmostEquals(bandwidthGain(csd), 1.6, 1e-12); // 11.2 over 7 GB/s: all that a drive of today has to give
  assertAlmostEquals(internalBandwidth(csd), 11.2e9, 1);
});

Deno.test("driveAsMemory() times attention by what its channels read", () => {
  const step = { phase: "decode", batch: 8, newTokens: 1, context: 2047 } as const;
  const formats = { weights: "fp16", cache: "fp16", activations: "fp16" } as const;
  const row = operators(findModel("opt-13b"), step, { formats }).find(({ name }) =>
    name === "attention"
  )!;
  const time = pimTime(row, driveAsMemory(findComputingDrive("instinfer-csd")));
  assertAlmostEquals(time.memory, row.bytes.cache / 11.2e9, 1e-9);
  assertAlmostEquals(time.transfer, row.bytes.activations / 7e9, 1e-12);
});

Deno.test("flashRates() refuses drives without bandwidth", () => {
  const drive = findComputingDrive("instinfer-csd");
  assertThrows(
    () => flashRates({ ...drive, channelRate: 0 }),
    RangeError,
    "channelRate must be > 0",
  );
  assertThrows(() => flashRates({ ...drive, link: 0 }), RangeError, "the link");
  assertEquals(flashRates({ ...drive, link: undefined }).link, 11.2e9);
});
