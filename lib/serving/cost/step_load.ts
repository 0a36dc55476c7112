import { visibleKeys, visiblePairs } from "../../transformer/mod.ts";
import type { Tokens } from "../../units/mod.ts";

/**
 * What one step computes, as the few sums that its cost depends on: sequences that get one more token, and pieces of
 * prompts beside them. One load is filled again for each step, so that a simulation allocates nothing.
 */
export class StepLoad {
  /** Sequences that get one token. */
  decodes = 0;
  /** Tokens that they see together, once for each window of the model. */
  readonly decodeKeys: Float64Array;
  /** How many of them see one token more in the next step: those whose window is not full. */
  readonly growing: Float64Array;
  /** Tokens of prompts that are computed. */
  promptTokens: Tokens = 0;
  /** Different tokens that they see, and pairs of a query and a key, once for each window. */
  readonly promptKeys: Float64Array;
  readonly promptPairs: Float64Array;
  /** Prompts that are complete after this step, and need their first prediction. */
  predictions = 0;
  /** The share of the layers that the prompts pass in this step: 1, or less in layered prefill. */
  share = 1;
  /** Whether the prompts enter the model in this step, and whether they leave it. */
  enters = true;
  leaves = true;

  /** @param windows The windows of the model's layers, Infinity for those that see all. */
  constructor(readonly windows: readonly number[]) {
    this.decodeKeys = new Float64Array(windows.length);
    this.growing = new Float64Array(windows.length);
    this.promptKeys = new Float64Array(windows.length);
    this.promptPairs = new Float64Array(windows.length);
  }

  /** Empties the load. */
  clear(): void {
    this.decodes = this.promptTokens = this.predictions = 0;
    this.share = 1;
    this.enters = this.leaves = true;
    for (let index = 0; index < this.windows.length; index++) {
      this.decodeKeys[index] = this.growing[index] = 0;
      this.promptKeys[index] = this.promptPairs[index] = 0;
    }
  }

  /**
   * Adds a sequence that gets one token and has `context` tokens cached.
   *
   * @param grows False for one that is complete and computed along for nothing. Default true.
   */
  decode(context: Tokens, grows = true): void {
    this.decodes++;
    for (let index = 0; index < this.windows.length; index++) {
      const window = this.windows[index]!;
      this.decodeKeys[index]! += context + 1 < window ? context + 1 : window;
      if (grows && context + 1 < window) this.growing[index]!++;
    }
  }

  /** Adds `tokens` of a prompt, of which `context` are cached already. */
  prefill(tokens: Tokens, context: Tokens, completes: boolean): void {
    this.promptTokens += tokens;
    if (completes) this.predictions++;
    for (let index = 0; index < this.windows.length; index++) {
      const window = this.windows[index]!;
      this.promptKeys[index]! += visibleKeys(tokens, context, window);
      this.promptPairs[index]! += visiblePairs(tokens, context, window);
    }
  }
}
