import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { multiplyRows } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  integerMultiply,
  quantize,
  roundActivations,
  roundToNearest,
} from "@fewer-bytes/quantization";

const random = seeded(8);
const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal());
const x = normals(3 * 16);
const weight = { name: "w", outputs: 5, inputs: 16, data: normals(5 * 16) };

Deno.test("roundActivations() with rounded weights computes what integer arithmetic computes", () => {
  const grid = { bits: 8 };
  const rounded = roundToNearest(new Matrix(5, 16, weight.data), grid);
  const y = new Float32Array(15);
  roundActivations(grid)(x, 3, { ...weight, data: Float32Array.from(rounded.data) }, y);
  const integers = integerMultiply(
    quantize(new Matrix(3, 16, x), grid),
    quantize(new Matrix(5, 16, weight.data), grid),
  );
  y.forEach((value, i) => assertAlmostEquals(value, integers.data[i]!, 1e-4));
});

Deno.test("roundActivations() per token gives a token the same result in any company; per tensor an outlier spoils all", () => {
  const loud = x.slice();
  loud[2 * 16] = 1000;
  const firstRow = (values: Float32Array, groupSize: "row" | "tensor") => {
    const y = new Float32Array(15);
    roundActivations({ bits: 8, groupSize })(values, 3, weight, y);
    return [...y.subarray(0, 5)];
  };
  assertEquals(firstRow(loud, "row"), firstRow(x, "row"));
  // The step is now 1000 / 127, and no value of the first token reaches half of it.
  assertEquals(firstRow(loud, "tensor").map((value) => value + 0), [0, 0, 0, 0, 0]);
  assert(firstRow(x, "tensor").some((value) => value !== 0));
});

Deno.test("roundActivations() leaves the activations themselves alone, and looks only at the rows it is given", () => {
  const buffer = Float32Array.of(...x, NaN, NaN);
  const before = buffer.slice();
  const [y, exact] = [new Float32Array(15), new Float32Array(15)];
  roundActivations({ bits: 12 })(buffer, 3, weight, y);
  multiplyRows(x, 3, weight, exact);
  assertEquals(buffer, before);
  y.forEach((value, i) => assertAlmostEquals(value, exact[i]!, 0.02));
});
