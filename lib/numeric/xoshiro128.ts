/**
 * The bits of all randomness: xoshiro128**, a small and fast generator of 32-bit words with a period of 2¹²⁸ − 1.
 *
 * Source: Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators" (ACM TOMS 47(4), 2021).
 *
 * @param state Four 32-bit words, not all zero.
 * @returns A function that gives the next word, from 0 to 2³² − 1.
 */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
}

/**
 * Spreads one seed over many words, so that neighboring seeds give unrelated streams. Every step is a bijection, so the
 * four words that it feeds to xoshiro128** are never all zero.
 */
export function splitMix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
