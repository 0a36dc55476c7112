import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import {
  entropyCodedDistortion,
  spaceFillingLoss,
  uniformSteps,
  wastedBits,
} from "@fewer-bytes/quantization";

Deno.test("even steps tend to a waste of ½ log₂(πe / 6) = 0.2546 bits, from below", () => {
  assertAlmostEquals(spaceFillingLoss, 0.254614, 1e-6);
  const wastes = [2, 1, 0.5, 0.1].map((step) => {
    const { entropy, distortion } = uniformSteps(step);
    return wastedBits(entropy, distortion);
  });
  wastes.forEach((waste, i) => i && assert(waste > wastes[i - 1]!));
  assertAlmostEquals(wastes.at(-1)!, spaceFillingLoss, 1e-6);
});

Deno.test("uniformSteps() says the entropy and the error that a simulation finds", () => {
  const random = seeded(13);
  const samples = Array.from({ length: 200_000 }, () => random.normal());
  for (const step of [0.7, 2]) {
    const cells = Map.groupBy(samples, (x) => Math.round(x / step));
    let [entropy, squares] = [0, 0];
    for (const cell of cells.values()) {
      const share = cell.length / samples.length;
      entropy -= share * Math.log2(share);
      const mean = cell.reduce((sum, x) => sum + x, 0) / cell.length;
      squares += cell.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    }
    const found = uniformSteps(step);
    assertAlmostEquals(found.entropy, entropy, 0.01);
    assertAlmostEquals(found.distortion, squares / samples.length, 0.01 * found.distortion);
  }
});

Deno.test("uniformSteps() with steps wider than the law spends nothing and learns nothing", () => {
  const { entropy, distortion } = uniformSteps(100);
  assertAlmostEquals(entropy, 0, 1e-12);
  assertAlmostEquals(distortion, 1, 1e-12);
});

Deno.test("entropyCodedDistortion() wastes less than the limit at few bits, and the limit at many", () => {
  const wastes = [0.25, 1, 2, 4, 8].map((bits) => wastedBits(bits, entropyCodedDistortion(bits)));
  wastes.forEach((waste, i) => i && assert(waste > wastes[i - 1]!));
  assertAlmostEquals(wastes.at(-1)!, spaceFillingLoss, 1e-5);
});

Deno.test("uniformSteps() and entropyCodedDistortion() refuse what is out of range", () => {
  for (const step of [0, -1, NaN]) assertThrows(() => uniformSteps(step), RangeError, "step");
  for (const bits of [0, 17, NaN]) {
    assertThrows(() => entropyCodedDistortion(bits), RangeError, "bits");
  }
});
