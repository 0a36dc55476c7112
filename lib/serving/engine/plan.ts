import type { Seconds, Tokens } from "../../units/mod.ts";

/** What the next step computes. A policy fills it in, and the simulator carries it out. */
export class Plan {
  /** Whether every decoding request gets one more token. */
  decodes = false;
  /** Prompts that are computed, and how many tokens of each. */
  readonly prompts: number[] = [];
  readonly tokens: Tokens[] = [];
  /** The share of the layers that these prompts pass in this step; whether it is their first, and their last. */
  share = 1;
  enters = true;
  leaves = true;
  /** Moves of caches that the step waits for, or that happen while it computes. Carried out once. */
  transfer: Seconds = 0;
  overlaps = false;
  /** After how many decode steps the policy must be asked again even if nothing arrives or ends. */
  steps = Infinity;

  /** Empties the plan, apart from moves that are still to be timed. */
  clear(): void {
    this.decodes = this.overlaps = false;
    this.prompts.length = this.tokens.length = 0;
    this.share = 1;
    this.enters = this.leaves = true;
    this.steps = Infinity;
  }

  /** Adds so many tokens of a prompt. */
  prefill(request: number, tokens: Tokens): void {
    this.prompts.push(request);
    this.tokens.push(tokens);
  }
}
