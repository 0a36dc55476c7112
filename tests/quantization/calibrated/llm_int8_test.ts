import { assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { multiplyRows } from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";
import { MixedDecomposition, roundActivations, roundToNearest } from "@fewer-bytes/quantization";
import fc from "fast-check";
import { assertClose, randomMatrix } from "./support.ts";

const [rows, inputs, outputs] = [5, 12, 7];
const weightOf = (seed: number) => ({
  name: "w",
  outputs,
  inputs,
  data: randomMatrix(seed, outputs, inputs).data.slice(),
});
const seeds = fc.nat(500);

function product(
  multiply: typeof multiplyRows,
  x: Matrix<Float32Array>,
  seed: number,
): Float32Array {
  const y = new Float32Array(x.rows * outputs).fill(NaN); // must be overwritten
  multiply(x.data, x.rows, weightOf(seed), y);
  return y;
}

Deno.test("MixedDecomposition gives the exact product when every column is an outlier", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const x = randomMatrix(seed, rows, inputs);
      const int8 = new MixedDecomposition(0);
      assertEquals(product(int8.multiply, x, seed), product(multiplyRows, x, seed));
      assertEquals(int8.outlierShare, 1);
    }),
    { seed: 1 },
  );
});

Deno.test("MixedDecomposition is plain 8-bit arithmetic when no column is an outlier", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const x = randomMatrix(seed, rows, inputs);
      const int8 = new MixedDecomposition(1000);
      const weight = weightOf(seed);
      const data = roundToNearest(new Matrix<Float32Array>(outputs, inputs, weight.data), {
        bits: 8,
      })
        .data.slice();
      const expected = new Float32Array(rows * outputs);
      roundActivations({ bits: 8 })(x.data, rows, { ...weight, data }, expected);
      assertEquals(product(int8.multiply, x, seed), expected);
      assertEquals(int8.outlierShare, 0);
    }),
    { seed: 1 },
  );
});

Deno.test("MixedDecomposition is the vector-wise integer product of the small columns plus the float product of the large", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const x = randomMatrix(seed, rows, inputs);
      const { data } = weightOf(seed);
      const threshold = 2;
      const large = [...Array(inputs).keys()].map((i) =>
        x.toRows().some((row) => Math.abs(row[i]!) >= threshold)
      );
      const scale = (values: ArrayLike<number>) =>
        Array.from(values).reduce(
            (most, value, i) => large[i] ? most : Math.max(most, Math.abs(value)),
            0,
          ) / 127 || 1;
      const expected: number[] = [];
      for (let row = 0; row < rows; row++) {
        for (let o = 0; o < outputs; o++) {
          const [a, b] = [x.row(row), data.subarray(o * inputs, (o + 1) * inputs)];
          const [sa, sb] = [Math.fround(scale(a)), Math.fround(scale(b))];
          let [whole, real] = [0, 0];
          for (let i = 0; i < inputs; i++) {
            if (large[i]) real += a[i]! * b[i]!;
            else whole += Math.round(a[i]! / sa) * Math.round(b[i]! / sb);
          }
          expected.push(whole * sa * sb + real);
        }
      }
      const int8 = new MixedDecomposition(threshold);
      assertClose(product(int8.multiply, x, seed), expected, 1e-5);
      assertAlmostEquals(int8.outlierShare, large.filter(Boolean).length / inputs, 1e-12);
    }),
    { seed: 1 },
  );
});

Deno.test("MixedDecomposition is much closer to the exact product than 8 bits alone, when there are outliers", () => {
  const x = randomMatrix(1, rows, inputs).map((value, at) =>
    at % inputs === 3 ? 200 * value + 100 : value
  );
  const exact = product(multiplyRows, x, 2);
  const worst = (y: Float32Array) =>
    Math.max(...y.map((value, at) => Math.abs(value - exact[at]!)));
  const int8 = new MixedDecomposition();
  const mixed = worst(product(int8.multiply, x, 2));
  assertLess(mixed, worst(product(new MixedDecomposition(1e9).multiply, x, 2)) / 10);
  assertEquals(int8.outlierShare, 1 / inputs);
});

Deno.test("MixedDecomposition takes the rows that it is told of, and averages its share over all products", () => {
  const int8 = new MixedDecomposition(6);
  assertEquals(int8.outlierShare, 0);
  const weight = weightOf(1);
  const y = new Float32Array(2 * outputs);
  int8.multiply(new Float32Array(3 * inputs).fill(9, inputs), 1, weight, y); // the nines are in rows not asked for
  assertEquals(int8.outlierShare, 0);
  int8.multiply(new Float32Array(inputs).fill(-6), 1, weight, y); // the threshold itself, on either side, is an outlier
  assertEquals(int8.outlierShare, 0.5);
});

Deno.test("MixedDecomposition refuses a bad threshold and NaN", () => {
  for (const threshold of [-1, NaN]) {
    assertThrows(
      () => new MixedDecomposition(threshold),
      RangeError,
      `current value is ${threshold}`,
    );
  }
  const x = randomMatrix(1, 1, inputs).map((value, at) => at === 2 ? NaN : value);
  assertThrows(() => product(new MixedDecomposition().multiply, x, 1), RangeError, "finite");
});
