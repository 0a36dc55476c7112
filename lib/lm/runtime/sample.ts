import type { Random } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger } from "../../units/mod.ts";

/** How the next token is chosen. */
export interface SampleOptions {
  /** 0 takes the likeliest; 1 follows the model; more is wilder. Default 1. */
  readonly temperature?: number;
  /** Keeps only so many of the likeliest. Default all. */
  readonly topK?: number;
}

/**
 * Turns logits into probabilities.
 *
 * @throws {RangeError} when a logit is NaN: a sampler that goes on with it would hide a broken model.
 */
export function probabilities(logits: Float32Array, temperature = 1): Float64Array {
  requireAtLeast(temperature, 0, "compute probabilities", "the temperature");
  let largest = -Infinity;
  for (const logit of logits) {
    if (Number.isNaN(logit)) {
      throw new RangeError(
        "Cannot compute probabilities as every logit must be a number: one is NaN",
      );
    }
    if (logit > largest) largest = logit;
  }
  const result = new Float64Array(logits.length);
  if (temperature === 0) {
    result[logits.indexOf(largest)] = 1;
    return result;
  }
  let sum = 0;
  for (let token = 0; token < logits.length; token++) {
    sum += result[token] = Math.exp((logits[token]! - largest) / temperature);
  }
  return result.map((value) => value / sum);
}

/** Draws a token from logits. */
export function sample(logits: Float32Array, random: Random, options: SampleOptions = {}): number {
  const { temperature = 1, topK = logits.length } = options;
  requireInteger(topK, 1, "sample", "topK");
  const chances = probabilities(logits, temperature);
  if (topK < logits.length) {
    const limit = chances.toSorted((a, b) => b - a)[topK - 1]!;
    for (let token = 0; token < chances.length; token++) {
      if (chances[token]! < limit) chances[token] = 0;
    }
  }
  let rest = random.uniform() * chances.reduce((sum, chance) => sum + chance, 0);
  let chosen = chances.indexOf(chances.reduce((most, chance) => Math.max(most, chance)));
  for (let token = 0; token < chances.length; token++) {
    if (chances[token]! <= 0) continue;
    chosen = token;
    if ((rest -= chances[token]!) < 0) break;
  }
  return chosen;
}
