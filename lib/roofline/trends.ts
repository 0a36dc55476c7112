import type { Hardware } from "../catalog/mod.ts";
import { growthPerStep } from "../numeric/mod.ts";

/**
 * By which factor does a figure grow from one generation of a vendor's data-center line to the next? Fitted through all
 * entries that state a generation.
 *
 * @param hardware The entries to fit; those without a generation are passed over.
 * @param figure What to read from each; an entry where it is undefined is passed over.
 * @throws {RangeError} when fewer than two generations are left.
 */
export function growthPerGeneration(
  hardware: readonly Hardware[],
  figure: (entry: Hardware) => number | undefined,
): number {
  return growthPerStep(hardware.flatMap((entry) => {
    const value = figure(entry);
    return entry.generation === undefined || value === undefined
      ? []
      : [[entry.generation, value] as const];
  }));
}

/** The fastest dense rate that a device has in any format of at most 16 bits. */
export function fastestRate({ peak }: Hardware): number {
  return Math.max(...[peak.fp16, peak.bf16, peak.fp8, peak.fp6, peak.fp4].map((rate) => rate ?? 0));
}

/**
 * The shoreline: how do compute and bandwidth of a square chip grow with its edge?
 *
 * Arithmetic fills the area, so it grows with the square of the edge. Wires to memory leave through the perimeter, so
 * they grow with the edge itself. The intensity that keeps the chip busy is their ratio, and grows with the edge too.
 *
 * @param edge The edge, relative to a chip whose compute, bandwidth and ridge are all 1.
 */
export function shoreline(edge: number): { compute: number; bandwidth: number; ridge: number } {
  return { compute: edge ** 2, bandwidth: edge, ridge: edge };
}
