import type { StepCost } from "../../serving/mod.ts";
import { StepTotals } from "../../serving/mod.ts";
import { requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import { decodeSeconds } from "./pool_rates.ts";
import { promptSeconds } from "./pool.ts";

/** What a prompt does to those who decode, and they to it. */
export interface Interference {
  /** A decode step, a step that reads the prompt, and one that does both. */
  readonly decode: Seconds;
  readonly prompt: Seconds;
  readonly together: Seconds;
  /** How many times as long everybody waits for a token, and how many times as long the prompt takes. */
  readonly decodeSlowdown: number;
  readonly promptSlowdown: number;
}

/**
 * How much do the two phases disturb each other in one step? The prompt makes the step as long as the prompt takes, and
 * all who decode wait for it; the decoding makes the prompt's step a little longer.
 *
 * The weights are read once for both, so a mixed step takes less than the two one after the other: that is what
 * disaggregation gives up.
 *
 * @throws {RangeError} when a count is not a whole number from 1.
 * @example 32 sequences and a prompt of 2,000 tokens
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { interference } from "@fewer-bytes/disaggregation";
 * import { StepCost } from "@fewer-bytes/serving";
 *
 * const cost = new StepCost({ model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") });
 * const { decode, prompt, together, decodeSlowdown } = interference(cost, { decodes: 32, context: 1000, promptTokens: 2000 });
 * assert(decodeSlowdown > 5 && together < decode + prompt);
 * ```
 */
export function interference(
  cost: StepCost,
  { decodes, context, promptTokens }: {
    readonly decodes: number;
    readonly context: Tokens;
    readonly promptTokens: Tokens;
  },
): Interference {
  requireInteger(decodes, 1, "measure interference", "decodes");
  requireInteger(context, 1, "measure interference", "context");
  requireInteger(promptTokens, 1, "measure interference", "promptTokens");
  const load = cost.load();
  for (let sequence = 0; sequence < decodes; sequence++) load.decode(context);
  load.prefill(promptTokens, 0, true);
  const together = cost.evaluate(load, new StepTotals()).seconds;
  const decode = decodeSeconds(cost, decodes, context);
  const prompt = promptSeconds(cost, promptTokens);
  return {
    decode,
    prompt,
    together,
    decodeSlowdown: together / decode,
    promptSlowdown: together / prompt,
  };
}
