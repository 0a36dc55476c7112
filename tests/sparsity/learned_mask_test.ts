import { assert, assertEquals, assertThrows } from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  applyMask,
  channelNorms,
  density,
  learnMask,
  magnitudeMask,
  patterns,
  twoOfFour,
  wandaMask,
} from "@fewer-bytes/sparsity";
import { outputError, randomLayer } from "./layer.ts";

Deno.test("learnMask() beats magnitudes and Wanda on layers whose channels go together", () => {
  for (const seed of [1, 2, 3]) {
    const { weights, inputs, gram } = randomLayer(seed, 6, 16);
    const error = (mask: Uint8Array<ArrayBuffer>) =>
      outputError(weights, applyMask(weights, mask), inputs);
    const learned = error(learnMask(weights, { gram }, seeded(seed)));
    assert(learned < error(magnitudeMask(weights, twoOfFour)));
    assert(learned < error(wandaMask(weights, channelNorms({ gram }), twoOfFour)));
  }
});

Deno.test("learnMask() comes within 5 % of the best of all 1,296 masks of a row, by brute force", () => {
  for (const seed of [1, 2, 3, 4]) {
    const { weights, inputs, gram } = randomLayer(seed, 1, 16);
    const error = (mask: Uint8Array<ArrayBuffer>) =>
      outputError(weights, applyMask(weights, mask), inputs);
    const six = patterns(twoOfFour);
    let best = Infinity;
    for (let code = 0; code < 6 ** 4; code++) {
      const mask = [0, 1, 2, 3].flatMap((group) => [...six[Math.floor(code / 6 ** group) % 6]!]);
      best = Math.min(best, error(Uint8Array.from(mask)));
    }
    assert(error(learnMask(weights, { gram }, seeded(seed))) <= 1.05 * best, `seed ${seed}`);
  }
});

Deno.test("learnMask() keeps exactly the pattern in every group, and is the same for the same seed", () => {
  const { weights, gram } = randomLayer(4, 2, 12);
  for (const pattern of [twoOfFour, { kept: 1, of: 2 }, { kept: 2, of: 3 }]) {
    const learn = () => learnMask(weights, { gram }, seeded(9), { pattern, steps: 20 });
    const mask = learn();
    assertEquals(learn(), mask);
    for (let start = 0; start < mask.length; start += pattern.of) {
      assertEquals(density(mask.subarray(start, start + pattern.of)), pattern.kept / pattern.of);
    }
  }
});

Deno.test("learnMask() refuses rows that the pattern does not divide, and no steps", () => {
  const gram = randomLayer(1, 1, 8).gram;
  assertThrows(
    () => learnMask(Matrix.zeros(1, 6), { gram }, seeded(1)),
    RangeError,
    "multiple of 4",
  );
  assertThrows(() => learnMask(Matrix.zeros(1, 8), { gram }, seeded(1), { steps: 0 }), RangeError);
});
