import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { findHardware } from "@fewer-bytes/catalog";
import { invertPositiveDefinite, Matrix, seeded } from "@fewer-bytes/numeric";
import {
  awqScales,
  channelScaleFormula,
  compensate,
  compensationFormula,
  mixedMatrixSpeedup,
  mixedSpeedupFormula,
  roundingCostFormula,
  smoothingScaleFormula,
  smoothingScales,
} from "@fewer-bytes/quantization";

const size = fc.double({ min: 0.01, max: 100, noNaN: true });
const alphas = fc.double({ min: 0, max: 1, noNaN: true });
const near = (actual: number, expected: number) =>
  assertAlmostEquals(actual, expected, 1e-9 * Math.max(1, Math.abs(expected)));

Deno.test("the printed smoothing scale is that of smoothingScales()", () => {
  fc.assert(fc.property(size, size, alphas, (activations, weights, alpha) => {
    const [scale] = smoothingScales(Float64Array.of(activations), Float64Array.of(weights), alpha);
    near(smoothingScaleFormula.evaluate({ activations, weights, alpha }), scale!);
  }));
});

Deno.test("the printed channel scale is that of awqScales()", () => {
  fc.assert(
    fc.property(fc.array(size, { minLength: 1, maxLength: 8 }), alphas, (means, alpha) => {
      const [smallest, largest] = [Math.min(...means), Math.max(...means)];
      awqScales(Float64Array.from(means), alpha).forEach((scale, channel) =>
        near(
          channelScaleFormula.evaluate({ mean: means[channel]!, smallest, largest, alpha }),
          scale,
        )
      );
    }),
  );
});

Deno.test("the printed change and cost are those of compensate()", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
    const random = seeded(seed);
    const x = new Matrix(8, 4, Float64Array.from({ length: 32 }, () => random.normal()));
    const hessian = x.transpose().multiply(x);
    const inverse = invertPositiveDefinite(hessian);
    const row = Float64Array.from({ length: 4 }, () => random.normal());
    const [weight, mark, own] = [row[1]!, Math.round(row[1]!), inverse.get(1, 1)];
    const moved = compensate(row, inverse, 1, mark);
    const changes = moved.map((value, k) => value - row[k]!);
    [0, 2, 3].forEach((k) =>
      near(
        compensationFormula.evaluate({ weight, mark, own, shared: inverse.get(k, 1) }),
        changes[k]!,
      )
    );
    const change = new Matrix(1, 4, changes);
    const cost = change.multiply(hessian).multiply(change.transpose()).get(0, 0) / 2;
    near(roundingCostFormula.evaluate({ weight, mark, own }), cost);
  }));
});

Deno.test("the printed speedup is that of mixedMatrixSpeedup() on a device whose units know four bits", () => {
  const a100 = findHardware("nvidia-a100-sxm-80gb");
  const [eight, four] = [mixedMatrixSpeedup(a100, 1), mixedMatrixSpeedup(a100, 0)];
  fc.assert(fc.property(alphas, (share) => {
    near(mixedSpeedupFormula.evaluate({ share, eight, four }), mixedMatrixSpeedup(a100, share));
  }));
});
