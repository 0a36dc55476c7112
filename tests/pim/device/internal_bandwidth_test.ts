import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findPim, pimCatalog } from "@fewer-bytes/catalog";
import {
  bandwidthGain,
  internalBandwidth,
  internalBandwidthFormula,
  severalPims,
  withoutPowerLimit,
} from "@fewer-bytes/pim";

Deno.test("internalBandwidth() is its printed formula, and near the stated bandwidth of each device", () => {
  for (const device of pimCatalog) {
    const { units, bytesPerCycle: bytes, clock, powerShare: share } = device.pim;
    const derived = internalBandwidthFormula.evaluate({ units, bytes, clock, share });
    assertAlmostEquals(internalBandwidth(device), derived, derived * 1e-12);
    assertAlmostEquals(
      derived / device.memory[0].bandwidth,
      1,
      0.02,
      device.id,
    );
  }
});

Deno.test("bandwidthGain() is what the designers state: 4, 16, 8, 9, 3, 1, 4", () => {
  // Samsung and SK hynix through H2-LLM's table 2; AttAcc's src/config.py; Duplex, section VI.
  const stated: [string, number][] = [
    ["samsung-hbm-pim", 4],
    ["sk-hynix-gddr6-aim", 16],
    ["samsung-lpddr5-pim", 8],
    ["attacc-bank", 9],
    ["attacc-bank-group", 3],
    ["attacc-buffer", 1],
    ["duplex-logic-pim", 4],
  ];
  for (const [id, gain] of stated) {
    assertAlmostEquals(bandwidthGain(findPim(id)), gain, 0.002 * gain);
  }
});

Deno.test("withoutPowerLimit() gives AttAcc the 16, 8 and 1 of its configuration", () => {
  const gains = ["attacc-bank", "attacc-bank-group", "attacc-buffer"].map((id) =>
    bandwidthGain(withoutPowerLimit(findPim(id)))
  );
  [16, 8, 1].forEach((gain, index) => assertAlmostEquals(gains[index]!, gain, 0.01));
  const free = withoutPowerLimit(findPim("attacc-bank"));
  assertEquals(free.pim.powerShare, 1);
  assertAlmostEquals(free.peak.fp16!, 53.63e12, 0.01e12);
});

Deno.test("severalPims() adds up units, memory, links and power, and leaves the gain as it is", () => {
  const one = findPim("cent-device");
  const all = severalPims(one, 32);
  assertEquals(all.pim.units, 32 * 512);
  assertEquals(all.memory[0].capacity, 512 * 2 ** 30);
  assertAlmostEquals(all.memory[0].bandwidth, 512 * 1.024e12, 1);
  assertAlmostEquals(all.power!, 1036.8, 1e-9);
  assertAlmostEquals(all.links[0]!.bandwidth, 32 * 32e9, 1e-3);
  assertEquals(bandwidthGain(all), bandwidthGain(one));
  assert(severalPims(findPim("pim-gpt"), 2).power === undefined);
  assertThrows(() => severalPims(one, 0), RangeError, "number of devices");
});
