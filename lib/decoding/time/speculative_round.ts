import { complete, type Deployment, operatorOptions, stepTime } from "../../roofline/mod.ts";
import { operators } from "../../transformer/mod.ts";
import { requireInteger, type Seconds, type Tokens } from "../../units/mod.ts";
import { expectedTokens } from "../length/expected_tokens.ts";

/** A target, and what drafts for it. */
export interface Speculation {
  readonly target: Deployment;
  /** Another model; or the target itself with fewer reads, or fewer bits. It runs on devices of its own or the same ones. */
  readonly draft: Deployment;
  /** The chance that a drafted token is accepted. */
  readonly acceptance: number;
  /**
   * Passes of the drafter in a round, of which each computes all places: as heads and denoisers draft. Default: one pass for
   * each token.
   */
  readonly draftPasses?: number;
}

/** Where a round is timed. */
export interface RoundPlace {
  /** Sequences decoded together. Default 1. */
  readonly batch?: number;
  /** Tokens of each that are cached already. */
  readonly context: Tokens;
}

/** What a round takes and gives. */
export interface SpeculativeRound {
  readonly draftLength: number;
  /** Time of all drafting, and of the pass that verifies. */
  readonly draftSeconds: Seconds;
  readonly verifySeconds: Seconds;
  /** Time of a step without drafts. */
  readonly plainSeconds: Seconds;
  /** Tokens that each sequence gets, on average. */
  readonly tokens: number;
  /** Time for each token of a sequence. */
  readonly secondsPerToken: Seconds;
  /** How much faster than plain decoding. */
  readonly speedup: number;
}

/** The time of one decode step of a deployment, with so many new tokens for each sequence. */
export function decodeSeconds(
  deployment: Deployment,
  { batch = 1, context }: RoundPlace,
  newTokens: Tokens = 1,
): Seconds {
  const full = complete(deployment);
  const step = { phase: "decode", batch, newTokens, context } as const;
  return stepTime(
    operators(full.model, step, operatorOptions(full)),
    full.hardware,
    full.efficiency,
  ).seconds;
}

/**
 * What does a round of speculative decoding take on hardware, and what does it give?
 *
 * Both models are taken through the operator table: the drafter decodes one token after the other, the target then computes
 * one more than were drafted, in one step. While the target waits for its weights, these come for nearly nothing. With a
 * large batch it no longer waits, and each costs its share; in a mixture of experts the tokens of a round pick different
 * experts, and all of those are read.
 *
 * All sequences of the batch go on together, the drafter's steps are timed at the context that the round begins with, and a
 * draft that was accepted whole costs the drafter nothing to catch up with. Launches and sampling are not modeled.
 *
 * @param draftLength Tokens drafted in a round; with 0 it is a plain step.
 * @throws {RangeError} when a deployment or a number is out of range.
 * @example Eight gigabytes draft for a hundred and forty
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { speculativeRound } from "@fewer-bytes/decoding";
 *
 * const on = { hardware: findHardware("nvidia-h100-sxm"), devices: 4 };
 * const target = { ...on, model: findModel("llama-3.1-70b") };
 * const draft = { ...on, model: findModel("llama-3.1-8b") };
 * const speedup = (batch: number) =>
 *   speculativeRound({ target, draft, acceptance: 0.8 }, { batch, context: 2000 }, 4).speedup;
 * assert(speedup(1) > 2 && speedup(512) < 1);
 * ```
 */
export function speculativeRound(
  { target, draft, acceptance, draftPasses }: Speculation,
  place: RoundPlace,
  draftLength: number,
): SpeculativeRound {
  requireInteger(draftLength, 0, "time a round", "the draft length");
  const tokens = expectedTokens(acceptance, draftLength);
  const plainSeconds = decodeSeconds(target, place);
  const verifySeconds = decodeSeconds(target, place, draftLength + 1);
  const draftSeconds = draftLength === 0
    ? 0
    : draftPasses === undefined
    ? draftLength * decodeSeconds(draft, place)
    : requireInteger(draftPasses, 0, "time a round", "the draft's passes") *
      decodeSeconds(draft, place, draftLength);
  const secondsPerToken = (draftSeconds + verifySeconds) / tokens;
  return {
    draftLength,
    draftSeconds,
    verifySeconds,
    plainSeconds,
    tokens,
    secondsPerToken,
    speedup: plainSeconds / secondsPerToken,
  };
}
