import { assertAlmostEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { applyMask, magnitudeMask, maskLoss, patterns, twoOfFour } from "@fewer-bytes/sparsity";
import { outputError, randomLayer } from "./layer.ts";

const { weights, inputs, gram } = randomLayer(1, 3, 8);
const random = seeded(2);
const logits = Float64Array.from({ length: 36 }, () => random.normal());
const noise = logits.map(() => random.normal());

Deno.test("the gradient of maskLoss() is the slope of its loss, by finite differences", () => {
  for (const temperature of [0.5, 1, 2]) {
    const options = { temperature, noise };
    const { gradient } = maskLoss(weights, { gram }, logits, options);
    const at = (index: number, step: number) =>
      maskLoss(weights, { gram }, logits.map((l, i) => i === index ? l + step : l), options).loss;
    for (let index = 0; index < logits.length; index++) {
      const slope = (at(index, 1e-4) - at(index, -1e-4)) / 2e-4;
      assertAlmostEquals(gradient[index]!, slope, 1e-7);
    }
  }
});

Deno.test("maskLoss() of logits that are sure is the error of that mask, measured on the inputs", () => {
  const mask = magnitudeMask(weights, twoOfFour);
  const sure = Float64Array.from({ length: 36 }, (_, index) => {
    const group = Math.floor(index / 6);
    const choice = patterns(twoOfFour)[index % 6]!;
    return choice.every((kept, i) => kept === mask[4 * group + i]) ? 100 : 0;
  });
  const zero = weights.map(() => 0);
  assertAlmostEquals(
    maskLoss(weights, { gram }, sure).loss,
    outputError(weights, applyMask(weights, mask), inputs) / outputError(weights, zero, inputs),
    1e-9,
  );
});

Deno.test("maskLoss() refuses another number of logits, and a temperature of 0", () => {
  assertThrows(() => maskLoss(weights, { gram }, new Float64Array(5)), TypeError, "36 logits");
  assertThrows(() => maskLoss(weights, { gram }, logits, { temperature: 0 }), RangeError);
});
