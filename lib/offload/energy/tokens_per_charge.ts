import { type Operator, sumOperators, traffic } from "../../transformer/mod.ts";
import {
  type Bytes,
  type Joules,
  requireAtLeast,
  requirePositive,
  type Seconds,
  type TokensPerSecond,
  type Watts,
} from "../../units/mod.ts";

/** What work costs a battery. */
export interface EnergyCosts {
  /** To bring a byte from memory to where it is computed with. */
  readonly perByte: Joules;
  /** For one operation. */
  readonly perFlop: Joules;
  /** To bring a byte from flash. Default 0. */
  readonly perFlashByte?: Joules;
  /** What the device draws in any case, while a token is made. Default 0. */
  readonly idle?: Watts;
}

/** The energy of a token, part by part. */
export interface TokenEnergy {
  readonly moving: Joules;
  readonly computing: Joules;
  readonly flash: Joules;
  readonly idle: Joules;
  readonly total: Joules;
}

/**
 * What does a token cost at the least? Its bytes, its operations, and what the device draws while they go on. For one
 * sequence nearly all is moving, so that fewer bytes save the battery as they save time; and a slower way to the same
 * bytes, such as flash, costs twice: for the way, and for the time in which the device idles.
 *
 * @param table Of one decode step.
 * @param seconds What the step takes. Default 0: no idling is counted.
 * @param flashBytes Read from flash in the step. Default 0.
 * @throws {RangeError} when a value is negative.
 * @example TinyLlama in 4 bits at 5 pJ a bit: 0.02 J, of which nearly all is moving
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { operators } from "@fewer-bytes/transformer";
 * import { tokenEnergy } from "@fewer-bytes/offload";
 *
 * const step = { phase: "decode", batch: 1, newTokens: 1, context: 256 } as const;
 * const table = operators(findModel("tinyllama-1.1b"), step, {
 *   formats: { weights: "int4", cache: "fp16", activations: "fp16" },
 * });
 * const { moving, total } = tokenEnergy(table, { perByte: 40e-12, perFlop: 0.75e-12 });
 * assertAlmostEquals(total, 0.023, 0.001);
 * assert(moving > 0.9 * total);
 * ```
 */
export function tokenEnergy(
  table: readonly Operator[],
  costs: EnergyCosts,
  seconds: Seconds = 0,
  flashBytes: Bytes = 0,
): TokenEnergy {
  const { perByte, perFlop, perFlashByte = 0, idle = 0 } = costs;
  for (
    const [name, value] of Object.entries({
      perByte,
      perFlop,
      perFlashByte,
      idle,
      seconds,
      flashBytes,
    })
  ) requireAtLeast(value, 0, "tell the energy of a token", name);
  const sum = sumOperators(table);
  const parts = {
    moving: traffic(sum) * perByte,
    computing: sum.flops * perFlop,
    flash: flashBytes * perFlashByte,
    idle: seconds * idle,
  };
  return { ...parts, total: parts.moving + parts.computing + parts.flash + parts.idle };
}

/** What a battery gives. */
export interface BatteryLife {
  readonly tokens: number;
  /** Until it is empty, when tokens follow one another without a pause. */
  readonly seconds: Seconds;
  /** What is drawn meanwhile. */
  readonly power: Watts;
}

/**
 * How many tokens does a charge give, and for how long? As a bound: with a measured energy it is what MELTing point found,
 * with {@linkcode tokenEnergy} more than any phone reaches. A phone gives off some four watts without getting hot; what
 * draws more slows down long before the battery is empty.
 *
 * @param battery A charge.
 * @throws {RangeError} when a value is not above zero.
 * @example A phone of 15 Wh at the 0.16 mWh for a token that MELTing point measured, 13.6 tokens a second
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { batteryLife } from "@fewer-bytes/offload";
 *
 * const { tokens, seconds, power } = batteryLife(15 * 3600, 0.16e-3 * 3600, 13.6);
 * assertAlmostEquals(tokens, 93_750, 1);
 * assertAlmostEquals(seconds / 3600, 1.9, 0.1); // hours
 * assertAlmostEquals(power, 7.8, 0.1);
 * ```
 */
export function batteryLife(
  battery: Joules,
  perToken: Joules,
  tokensPerSecond: TokensPerSecond,
): BatteryLife {
  requirePositive(battery, "tell the life of a battery", "the battery");
  requirePositive(perToken, "tell the life of a battery", "the energy of a token");
  requirePositive(tokensPerSecond, "tell the life of a battery", "tokensPerSecond");
  const tokens = battery / perToken;
  return { tokens, seconds: tokens / tokensPerSecond, power: perToken * tokensPerSecond };
}
