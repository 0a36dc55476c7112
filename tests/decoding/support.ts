/** Random laws for the tests of this room. */
import fc from "fast-check";

/** A law of so many tokens; some may have no chance. */
export function laws(tokens: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: 9 }), { minLength: tokens, maxLength: tokens })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => {
      const sum = weights.reduce((sum, weight) => sum + weight, 0);
      return weights.map((weight) => weight / sum);
    });
}

/** Two laws of the same tokens. */
export const lawPairs = fc.integer({ min: 1, max: 6 }).chain((tokens) =>
  fc.tuple(laws(tokens), laws(tokens))
);

/** A chance. */
export const chances = fc.double({ min: 0, max: 1, noNaN: true });

/** A model of a few tokens whose law depends on the newest one, as in a Markov chain. */
export function chains(tokens: number): fc.Arbitrary<(prefix: readonly number[]) => number[]> {
  return fc.array(laws(tokens), { minLength: tokens + 1, maxLength: tokens + 1 })
    .map((table) => (prefix: readonly number[]) => table[prefix.at(-1) ?? tokens]!);
}
