import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findPim, pimCatalog, type PimDevice } from "@fewer-bytes/catalog";
import { rowEfficiency, rowEfficiencyFormula, withoutPowerLimit } from "@fewer-bytes/pim";
import fc from "fast-check";

/** Walks through rows access by access, as a bank does. */
function walk({ pim }: PimDevice, rows: number): number {
  const cycle = 1 / (pim.clock * pim.powerShare);
  let time = 0, reading = 0;
  for (let row = 0; row < rows; row++) {
    time += pim.row!.activation;
    for (let byte = 0; byte < pim.row!.bytes; byte += pim.bytesPerCycle) {
      time += cycle;
      reading += cycle;
    }
  }
  return reading / time;
}

Deno.test("rowEfficiency() is what a bank gives that opens row after row", () => {
  for (const device of pimCatalog) {
    if (device.pim.row && /^bank( pair)?$/.test(device.pim.level)) {
      assertAlmostEquals(rowEfficiency(device), walk(device, 5), 1e-9, device.id);
    }
  }
});

Deno.test("rowEfficiency() is its printed formula for any part of a row", () => {
  const device = findPim("sk-hynix-gddr6-aim");
  fc.assert(fc.property(fc.integer({ min: 32, max: 2048 }), (used) => {
    const { bytesPerCycle, clock, row } = device.pim;
    const printed = rowEfficiencyFormula.evaluate({
      used,
      rate: bytesPerCycle * clock,
      activation: row!.activation,
    });
    assertAlmostEquals(rowEfficiency(device, used), printed, 1e-12);
    assert(rowEfficiency(device, used) <= rowEfficiency(device));
  }));
});

Deno.test("rowEfficiency() bounds what UPMEM's cores and AttAcc's simulator reach", () => {
  // PrIM measures 628 of 700 MB/s; AttAcc's cycles give 6.7 of 9, and 9.0 of 16 without the limit of power.
  assert(rowEfficiency(findPim("upmem-dimm")) > 628 / 700);
  const attacc = findPim("attacc-bank");
  assert(rowEfficiency(attacc) > 6.7 / 9 && rowEfficiency(attacc) < 1);
  const free = rowEfficiency(withoutPowerLimit(attacc));
  assert(free > 9 / 16 && free < rowEfficiency(attacc));
});

Deno.test("rowEfficiency() is 1 where a unit has banks to spare, or rows are unknown", () => {
  for (const id of ["duplex-logic-pim", "attacc-buffer", "h2-llm", "samsung-lpddr5-pim"]) {
    assertEquals(rowEfficiency(findPim(id)), 1);
  }
});

Deno.test("rowEfficiency() refuses more than a row, and nothing", () => {
  const device = findPim("samsung-hbm-pim");
  assertThrows(() => rowEfficiency(device, 1025), RangeError, "a row of 1024 bytes");
  assertThrows(() => rowEfficiency(device, 0), RangeError, "used must be > 0");
  assertThrows(() => rowEfficiency(device, NaN), RangeError, "used");
});
