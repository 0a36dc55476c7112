import { assertAlmostEquals } from "@std/assert";
import {
  multiplyBack,
  normalizeBack,
  normalized,
  weightSlopes,
} from "../../../lib/training/differentiation/rows.ts";

const weight = {
  name: "w",
  outputs: 2,
  inputs: 3,
  data: Float32Array.of(1, 2, 3, 4, 5, 6),
};

Deno.test("a product backward, by hand: slopes times weights, and slopes times inputs", () => {
  const dx = new Float32Array(3), dw = new Float32Array(6).fill(1);
  multiplyBack(Float32Array.of(10, 1), 1, weight, dx);
  assertAlmostEquals(dx[0]!, 14);
  assertAlmostEquals(dx[2]!, 36);
  weightSlopes(Float32Array.of(10, 1), 1, Float32Array.of(1, 0, 2), weight, dw);
  assertAlmostEquals(dw[2]!, 21); // it adds to what was there
  assertAlmostEquals(dw[3]!, 2);
});

Deno.test("a norm takes away what points along the row, so that a longer row changes nothing", () => {
  const x = Float32Array.of(3, -1, 2, 0.5), gain = Float32Array.of(1, 2, 0.5, 1);
  const dx = new Float32Array(4), dGain = new Float32Array(4);
  normalizeBack(Float32Array.of(1, -2, 0.3, 4), x, gain, 0, dx, dGain);
  assertAlmostEquals(dx.reduce((sum, slope, i) => sum + slope * x[i]!, 0), 0, 1e-5);
  const y = normalized(x, gain, 0);
  assertAlmostEquals(dGain[1]!, -2 * y[1]! / gain[1]!, 1e-5);
  assertAlmostEquals(y.reduce((sum, value, i) => sum + (value / gain[i]!) ** 2, 0), 4, 1e-5);
});
