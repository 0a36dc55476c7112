import facts from "../../data/pim.json" with { type: "json" };
import { type EnergyFact, readEnergyFacts } from "./energy_facts.ts";
import { findEntry } from "./find_entry.ts";
import { type PimDevice, readPimDevices } from "./pim_device.ts";
import { readWhenAsked } from "./read_when_asked.ts";

/** Every device with arithmetic in its memory that the course knows, in the order of data/pim.json. */
export const pimCatalog: readonly PimDevice[] = readWhenAsked(
  facts.devices,
  () => readPimDevices(facts.devices, "data/pim.json"),
);

/** What a bit costs on each step of its way from the cell. */
export const movementEnergies: readonly EnergyFact[] = readWhenAsked(
  facts.movements,
  () => readEnergyFacts(facts.movements, "data/pim.json: movements"),
);

/** What a multiply-add costs in each format. */
export const operationEnergies: readonly EnergyFact[] = readWhenAsked(
  facts.operations,
  () => readEnergyFacts(facts.operations, "data/pim.json: operations"),
);

/**
 * Looks up a device with arithmetic in its memory by its id, such as "samsung-hbm-pim".
 *
 * @throws {RangeError} for an unknown id; the message lists the known ones.
 * @example HBM-PIM computes one operation for each byte that its units read
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findPim } from "@fewer-bytes/catalog";
 *
 * const { peak, memory } = findPim("samsung-hbm-pim");
 * assertAlmostEquals(peak.fp16! / memory[0].bandwidth, 1, 0.001);
 * ```
 */
export function findPim(id: string): PimDevice {
  return findEntry(pimCatalog, "device", "data/pim.json", id);
}
