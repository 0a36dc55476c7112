import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { latentPair } from "@fewer-bytes/cache";
import type { Weight } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { gap } from "./runs.ts";

const random = seeded(1);
const weight: Weight = {
  name: "w",
  outputs: 5,
  inputs: 9,
  data: Float32Array.from({ length: 45 }, () => random.normal()),
};
const matrix = ({ outputs, inputs, data }: Weight) => new Matrix(outputs, inputs, data);

Deno.test("latentPair() makes up · down the matrix again, and the rows of down perpendicular", () => {
  const { down, up } = latentPair(weight);
  assert(gap(matrix(up).multiply(matrix(down)).data, weight.data) < 1e-5);
  const product = matrix(down).multiply(matrix(down).transpose());
  product.data.forEach((value, i) => assertAlmostEquals(value, i % 6 === 0 ? 1 : 0, 1e-5));
});

Deno.test("latentPair() of a smaller rank leaves the quietest directions out", () => {
  const error = (rank: number) => {
    const { down, up } = latentPair(weight, rank);
    const back = matrix(up).multiply(matrix(down)).data;
    return back.reduce((sum, value, i) => sum + (value - weight.data[i]!) ** 2, 0);
  };
  const errors = [1, 2, 3, 4, 5].map(error);
  errors.slice(1).forEach((each, i) => assert(each < errors[i]!));
  assert(errors[4]! < 1e-9);
});

Deno.test("latentPair() refuses ranks that the matrix does not have", () => {
  assertThrows(() => latentPair(weight, 6), RangeError, "at most 5: current value is 6");
  assertThrows(() => latentPair(weight, 0), RangeError, "the rank");
});
