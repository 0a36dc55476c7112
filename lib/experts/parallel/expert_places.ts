import { requireInteger } from "../../units/mod.ts";
import { requireChoice } from "../routing/route.ts";

/** Experts spread evenly over places: devices, or machines. */
export interface ExpertPlacement {
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly places: number;
  /** Places that a token may reach. Default: all of them. */
  readonly limit?: number;
}

/**
 * How many different places does a token reach? Its experts may share one, and then one copy is sent there and handed on inside.
 *
 * A place is missed when all k experts are elsewhere, which has the chance C(E − E/P, k) / C(E, k) when all choices are alike. A
 * limit makes the router choose places first: DeepSeek-V3 lets each token reach 4 of its 8 machines, so its eight copies
 * become at most four on the slow network. Counted here are places chosen blindly; a router that chooses those with the best
 * scores finds work in nearly all of them: 3.96 of 4 for random scores.
 *
 * @returns `reached` places on average, and `sent`: those that are not the token's own, which is one of all alike.
 * @throws {RangeError} when experts do not divide evenly, or the limit leaves too few.
 * @example DeepSeek-V3 on 8 machines: 5.3 of them, or nearly 4 with the limit
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { expertPlaces } from "@fewer-bytes/experts";
 *
 * const layer = { experts: 256, expertsPerToken: 8, places: 8 };
 * assertAlmostEquals(expertPlaces(layer).reached, 5.29, 0.01);
 * assertAlmostEquals(expertPlaces({ ...layer, limit: 4 }).reached, 3.63, 0.01);
 * assertAlmostEquals(expertPlaces({ ...layer, places: 256 }).reached, 8, 1e-9); // one expert on each
 * ```
 */
export function expertPlaces(
  { experts, expertsPerToken, places, limit = places }: ExpertPlacement,
): { readonly reached: number; readonly sent: number } {
  requireChoice(experts, expertsPerToken, "count places");
  requireInteger(places, 1, "count places", "the places");
  requireInteger(limit, 1, "count places", "the limit");
  const each = experts / places;
  if (!Number.isInteger(each) || limit > places || limit * each < expertsPerToken) {
    throw new RangeError(
      `Cannot count places as ${limit} of ${places} equal places must hold ${expertsPerToken} of ${experts} experts`,
    );
  }
  const open = limit * each;
  let missed = 1; // the chance that all picks are outside of one of the open places
  for (let pick = 0; pick < expertsPerToken; pick++) {
    missed *= Math.max(0, open - each - pick) / (open - pick);
  }
  const reached = limit * (1 - missed);
  return { reached, sent: reached * (places - 1) / places };
}
