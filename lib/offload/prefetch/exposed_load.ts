import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, type Seconds } from "../../units/mod.ts";

/** What is left to wait for, as it is printed and computed. */
export const exposedLoadFormula = formula("exposed = max(0, bytes / rate - hiding)", {
  exposed: "seconds in which nothing is computed",
  bytes: "of what is missing in memory",
  rate: "bytes per second from storage",
  hiding: "seconds of work between knowing what is missing and needing it",
});

/**
 * How long is waited for a load that begins when it is known what is needed? A router that decides before attention has
 * attention to hide behind; one that decides after it has nothing.
 *
 * @param load Seconds that the load takes.
 * @param hiding Seconds of work until its bytes are needed.
 * @throws {RangeError} when a time is negative.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { exposedLoad } from "@fewer-bytes/offload";
 *
 * assertEquals(exposedLoad(0.8e-3, 1e-3), 0);
 * assertAlmostEquals(exposedLoad(1.5e-3, 1e-3), 0.5e-3, 1e-12);
 * ```
 */
export function exposedLoad(load: Seconds, hiding: Seconds): Seconds {
  requireAtLeast(load, 0, "find the exposed load", "the load");
  requireAtLeast(hiding, 0, "find the exposed load", "the hiding work");
  return Math.max(0, load - hiding);
}
