import { requireInteger } from "../../units/mod.ts";

/**
 * How likely is each number of tokens, from 0 to all, when each of them comes with the same chance? Worked out from the most
 * likely number outwards, so that nothing over- or underflows where it matters.
 *
 * @throws {RangeError} when the tokens are no whole number, or the chance is not from 0 to 1.
 */
export function binomialMass(tokens: number, chance: number): Float64Array {
  requireInteger(tokens, 0, "find how likely loads are", "the tokens");
  if (!(chance >= 0 && chance <= 1)) {
    throw new RangeError(
      `Cannot find how likely loads are as the chance must be from 0 to 1: current value is ${chance}`,
    );
  }
  const mass = new Float64Array(tokens + 1);
  if (chance === 0 || chance === 1) {
    mass[chance * tokens] = 1;
    return mass;
  }
  const mode = Math.min(tokens, Math.floor((tokens + 1) * chance));
  const odds = chance / (1 - chance);
  mass[mode] = 1;
  for (let count = mode; count < tokens; count++) {
    mass[count + 1] = mass[count]! * odds * (tokens - count) / (count + 1);
  }
  for (let count = mode; count > 0; count--) {
    mass[count - 1] = mass[count]! / odds * count / (tokens - count + 1);
  }
  const sum = mass.reduce((a, b) => a + b, 0);
  return mass.map((value) => value / sum);
}

/** What a number of tokens is worth on average, summed over experts. Equal chances are worked out once. */
export function sumOverLoads(
  chances: ArrayLike<number>,
  tokens: number,
  worth: (load: number) => number,
): number {
  const known = new Map<number, number>();
  let sum = 0;
  for (const chance of Array.from(chances)) {
    let value = known.get(chance);
    if (value === undefined) {
      value = binomialMass(tokens, chance).reduce((a, mass, load) => a + mass * worth(load), 0);
      known.set(chance, value);
    }
    sum += value;
  }
  return sum;
}
