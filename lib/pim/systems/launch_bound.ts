import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, type Seconds } from "../../units/mod.ts";

/** A step that waits for launches, as it is printed and computed. */
export const launchBoundFormula = formula("seconds = max(roofline, kernels * launch)", {
  seconds: "of a step",
  roofline: "seconds of its arithmetic and its traffic",
  kernels: "kernels in a step",
  launch: "seconds from one launch to the next",
});

/**
 * How long does a step take when each kernel must be launched? Launches run ahead of the work, so the slower of the two
 * decides. At 10 to 20 µs a kernel and some dozens of kernels in a layer, small models at batch 1 do nothing but launch:
 * GPT-2 reads its 0.25 GB on a T4 in 0.8 ms and launches for ten. Graphs and fused kernels take this away, and with it
 * most of what such a baseline is beaten by.
 *
 * @example Twelve layers of forty kernels
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { launchBoundSeconds } from "@fewer-bytes/pim";
 *
 * assertAlmostEquals(launchBoundSeconds(0.8e-3, 12 * 40, 20e-6), 9.6e-3, 1e-12);
 * ```
 */
export function launchBoundSeconds(roofline: Seconds, kernels: number, launch: Seconds): Seconds {
  requireAtLeast(roofline, 0, "time launches", "the roofline's time");
  requireInteger(kernels, 0, "time launches", "kernels");
  requireAtLeast(launch, 0, "time launches", "the time of a launch");
  return Math.max(roofline, kernels * launch);
}
