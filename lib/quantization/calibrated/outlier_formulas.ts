/**
 * What the chapter on outliers prints, as it is computed. Tests hold each against the function of its method.
 *
 * @module
 */
import { formula } from "../../numeric/mod.ts";

/** What SmoothQuant divides a channel of the activations by: `smoothingScales()`. */
export const smoothingScaleFormula = formula(
  "scale = activations^alpha / weights^(1 - alpha)",
  {
    scale: "divides the channel's activations, multiplies its weights",
    activations: "largest magnitude of the channel, over calibration tokens",
    weights: "largest magnitude of the channel's weights",
    alpha: "how much moves into the weights, from 0 to 1",
  },
);

/** What AWQ multiplies a channel of the weights with before rounding: `awqScales()`. */
export const channelScaleFormula = formula(
  "scale = mean^alpha / sqrt(smallest^alpha * largest^alpha)",
  {
    scale: "what the channel's weights are multiplied with before rounding, and divided by after",
    mean: "mean absolute activation of the channel, over some calibration tokens",
    smallest: "the same, of the quietest channel",
    largest: "the same, of the loudest channel",
    alpha: "how much louder channels are protected, from 0 to 1",
  },
);

/** What one set weight asks of another: `compensate()`. */
export const compensationFormula = formula("change = -(weight - mark) / own * shared", {
  change: "what is added to another weight that may still move",
  weight: "the weight that is rounded",
  mark: "where it is rounded to",
  own: "its place on the diagonal of the inverse Hessian",
  shared: "the inverse Hessian between it and the other weight",
});

/** What the best compensation leaves as an error: half of `d · H · dᵀ`, for the change d that `compensate()` makes. */
export const roundingCostFormula = formula("cost = (weight - mark)^2 / (2 * own)", {
  cost: "squared error of the output, averaged over tokens, when all others do their best",
  weight: "the weight that is rounded",
  mark: "where it is rounded to",
  own: "its place on the diagonal of the inverse Hessian",
});

/** What a matrix unit gains from mixed activations: `mixedMatrixSpeedup()`. */
export const mixedSpeedupFormula = formula(
  "speedup = 1 / (share / eight + (1 - share) / four)",
  {
    speedup: "times faster than with 16 bits",
    share: "part of the activations that keep eight bits",
    eight: "how many times faster the unit is with 8 bits than with 16",
    four: "how many times faster the unit is with 4 bits than with 16",
  },
);
