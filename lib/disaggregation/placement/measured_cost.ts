import type { Deployment } from "../../roofline/mod.ts";
import { StepCost, type StepLoad, type StepTotals } from "../../serving/mod.ts";
import type { Milliseconds, StepProfile } from "./step_profiles.ts";

/**
 * Step times as somebody measured them, in place of the roofline: for a simulation that is to be compared with a system.
 *
 * A profile is a few coefficients. Prompts take a + b Σl + c Σl², with l their lengths; decode steps take a + b Σk + c n,
 * with the contexts k of n sequences. A step that does both is a step of prompts in which each sequence is one more token and
 * has its context read. Bytes and arithmetic are still those of the roofline.
 *
 * @example 512 tokens of OPT-13B on an A100: 43 ms on the roofline, 74 ms as DistServe measured its own engine
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { MeasuredCost, promptSeconds, stepProfile } from "@fewer-bytes/disaggregation";
 * import { StepCost } from "@fewer-bytes/serving";
 *
 * const deployment = { model: findModel("opt-13b"), hardware: findHardware("nvidia-a100-sxm-80gb") };
 * assertAlmostEquals(promptSeconds(new StepCost(deployment), 512), 0.043, 0.002);
 * const measured = new MeasuredCost(deployment, stepProfile("distserve", "opt-13b", 1)!);
 * assertAlmostEquals(promptSeconds(measured, 512), 0.074, 0.001);
 * ```
 */
export class MeasuredCost extends StepCost {
  private readonly profile: StepProfile | undefined;

  constructor(deployment: Deployment, profile: StepProfile) {
    super(deployment);
    this.profile = profile;
  }

  override evaluate(load: StepLoad, totals: StepTotals, ahead = 0): StepTotals {
    super.evaluate(load, totals, ahead);
    // While it is built, the roofline compares itself with the operator table.
    if (this.profile) totals.seconds = milliseconds(this.profile, load, ahead) / 1000;
    return totals;
  }
}

function milliseconds(profile: StepProfile, load: StepLoad, ahead: number): Milliseconds {
  const { prefill, smallBatch, largeBatch, largeFrom, dispatch } = profile;
  const { decodes, promptTokens } = load;
  const contexts = decodes > 0 ? load.decodeKeys[0]! + ahead * load.growing[0]! : 0;
  const wait = dispatch[0] + dispatch[1] * (promptTokens + contexts);
  const [fixed, perKey, perSequence] = decodes < largeFrom ? smallBatch : largeBatch;
  if (promptTokens === 0) return wait + fixed + perKey * contexts + perSequence * decodes;
  // A prompt of l tokens has l (l + 1) / 2 pairs of query and key; the square is nearly twice that.
  const squares = 2 * load.promptPairs[0]! - promptTokens;
  return wait + prefill[0] + prefill[1] * (promptTokens + decodes) + prefill[2] * squares +
    perKey * contexts;
}
