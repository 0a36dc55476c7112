import { assert, assertEquals, assertLess, assertLessOrEqual, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import {
  dampen,
  gptq,
  type GptqOptions,
  hessian,
  inputStatistics,
  optimalBrainQuantize,
  outputError,
  quantize,
  roundHalfEven,
  roundToNearest,
} from "@fewer-bytes/quantization";
import fc from "fast-check";
import golden from "./fixtures/golden.json" with { type: "json" };
import {
  activations,
  assertClose,
  mixedActivations,
  numbers,
  randomMatrix,
  weights,
} from "./support.ts";

for (const known of golden.gptq) {
  const { bits, group, symmetric, actOrder, inputs, outputs, tokens, dead, batch } = known;
  const name = `${bits} bits, ${symmetric ? "symmetric" : "asymmetric"}, group ${group ?? "row"}${
    actOrder ? ", act-order" : ""
  }${dead.length > 0 ? ", dead inputs" : ""}, ${inputs} inputs`;
  Deno.test(`gptq() equals the original program to 1e-5: ${name}`, () => {
    const grid = {
      bits,
      symmetric,
      groupSize: group ?? "row",
      actOrder,
      batchSize: batch,
    } as const;
    const { gram } = inputStatistics(activations(tokens, inputs, dead));
    // The program counts a whole sequence as one sample. Only with dead inputs does that change anything.
    const actual = gptq(weights(outputs, inputs), hessian({ gram, tokens: 1 }), grid);
    assertClose(actual.data, numbers(known.weights), 1e-5);
  });
}

const grids: readonly Omit<GptqOptions, "bits">[] = [
  {},
  { symmetric: false },
  { groupSize: 16 },
  { symmetric: false, groupSize: 16 },
];

Deno.test("gptq() never has a larger output error than rounding to nearest, at 2 bits with act-order, from 3 bits on without", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const statistics = inputStatistics(mixedActivations(seed, 100, 48));
    const matrix = randomMatrix(seed + 50, 8, 48);
    for (const rest of grids) {
      for (const bits of [2, 3, 4, 8]) {
        const grid = { bits, ...rest };
        const error = (rounded: Matrix) => outputError(matrix, rounded, statistics);
        const nearest = error(roundToNearest(matrix, grid));
        const natural = error(gptq(matrix, hessian(statistics), grid));
        const ordered = error(gptq(matrix, hessian(statistics), { ...grid, actOrder: true }));
        if (bits > 2) assertLessOrEqual(natural, nearest, JSON.stringify({ seed, ...grid }));
        assertLess(ordered, 0.75 * nearest, JSON.stringify({ seed, ...grid }));
      }
    }
  }
});

Deno.test("gptq() is optimal brain quantization in the natural order", () => {
  fc.assert(
    fc.property(fc.nat(500), fc.integer({ min: 2, max: 4 }), (seed, bits) => {
      const matrix = randomMatrix(seed, 3, 14);
      const curvature = hessian(inputStatistics(mixedActivations(seed + 7, 40, 14)));
      const actual = gptq(matrix, curvature, { bits, batchSize: 5 });
      const { scales } = quantize(matrix, { bits });
      const most = 2 ** (bits - 1) - 1;
      for (let row = 0; row < 3; row++) {
        const mark = (value: number) =>
          scales[row]! * Math.min(Math.max(roundHalfEven(value / scales[row]!), -most), most);
        const expected = optimalBrainQuantize(
          Float64Array.from(matrix.row(row)),
          dampen(curvature),
          mark,
          { order: "natural" },
        );
        assertClose(actual.row(row), expected, 1e-5);
      }
    }),
    { numRuns: 20, seed: 1 },
  );
});

Deno.test("gptq() gives the same weights for each batch size", () => {
  const matrix = randomMatrix(1, 4, 48);
  const curvature = hessian(inputStatistics(mixedActivations(2, 100, 48)));
  for (const groupSize of [8, 24, "row"] as const) {
    const whole = gptq(matrix, curvature, { bits: 3, groupSize, batchSize: 48 });
    for (const batchSize of [1, 7, 8, 20, 30, 1000]) {
      assertClose(
        gptq(matrix, curvature, { bits: 3, groupSize, batchSize }).data,
        whole.data,
        1e-6,
      );
    }
  }
});

Deno.test("gptq() is rounding to nearest when inputs have nothing to do with each other", () => {
  const matrix = randomMatrix(3, 5, 12);
  const diagonal = Matrix.from(
    Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 }, (_, j) => i === j ? i + 1 : 0)),
  );
  for (const grid of [{ bits: 3 }, { bits: 4, symmetric: false, groupSize: 4 }]) {
    const nearest = roundToNearest(matrix, grid);
    assertEquals(gptq(matrix, diagonal, grid).data, nearest.data);
    assertEquals(
      gptq(matrix, diagonal, { ...grid, groupSize: "row", actOrder: true }).data,
      roundToNearest(matrix, { ...grid, groupSize: "row" }).data,
    );
  }
});

Deno.test("gptq() gives no more marks to a group than its bits have, act-order or not", () => {
  const matrix = randomMatrix(4, 2, 32);
  const curvature = hessian(inputStatistics(mixedActivations(5, 60, 32)));
  for (const symmetric of [true, false]) {
    const { data } = gptq(matrix, curvature, { bits: 2, groupSize: 16, symmetric });
    for (let start = 0; start < data.length; start += 16) {
      const marks = new Set(data.subarray(start, start + 16)).size;
      assert(marks <= (symmetric ? 3 : 4), `${marks} marks`);
    }
    const row = gptq(matrix, curvature, { bits: 2, symmetric, actOrder: true }).row(0);
    assertLessOrEqual(new Set(row).size, 4);
  }
});

Deno.test("gptq() with act-order does not depend on the order in which the inputs come", () => {
  const matrix = randomMatrix(6, 3, 10);
  const x = mixedActivations(8, 50, 10);
  const turned = (m: Matrix<Float32Array>) =>
    m.map((_, at) => m.data[at - at % m.columns + m.columns - 1 - at % m.columns]!);
  const options = { bits: 3, actOrder: true };
  const straight = gptq(matrix, hessian(inputStatistics(x)), options);
  const other = gptq(turned(matrix), hessian(inputStatistics(turned(x))), options);
  assertClose(turned(other).data, straight.data, 1e-6);
});

Deno.test("gptq() gives dead inputs the weight 0, and a layer that sees nothing at all is zero, not NaN", () => {
  const dead = [0, 5];
  const curvature = hessian(inputStatistics(activations(30, 8, dead)));
  const result = gptq(weights(3, 8), curvature, { bits: 4 });
  for (const input of dead) assertEquals([0, 1, 2].map((row) => result.get(row, input)), [0, 0, 0]);
  assert(result.data.every(Number.isFinite));
  const nothing = new Matrix(8, 8, new Float64Array(64));
  assertEquals(new Set(gptq(weights(3, 8), nothing, { bits: 4 }).data), new Set([0]));
});

Deno.test("gptq() works with fewer tokens than inputs thanks to its damping, and says so when there is none", () => {
  const curvature = hessian(inputStatistics(mixedActivations(1, 5, 12)));
  const matrix = randomMatrix(2, 4, 12);
  assert(gptq(matrix, curvature, { bits: 3 }).data.every(Number.isFinite));
  assertThrows(
    () => gptq(matrix, curvature, { bits: 3, damping: 0 }),
    RangeError,
    "must have an inverse: current damping is 0",
  );
});

Deno.test("gptq() keeps constant and zero groups free of NaN", () => {
  const constant = new Matrix(2, 4, Float32Array.of(0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5));
  const curvature = hessian(inputStatistics(activations(20, 4)));
  for (const symmetric of [true, false]) {
    const { data } = gptq(constant, curvature, { bits: 4, symmetric });
    assertClose(data, constant.data, 1e-6);
  }
});

Deno.test("gptq() refuses bad grids, shapes and values in words", () => {
  const matrix = randomMatrix(1, 2, 6);
  const curvature = hessian(inputStatistics(randomMatrix(2, 9, 6)));
  assertThrows(() => gptq(matrix, curvature, { bits: 1 }), RangeError, "bits");
  assertThrows(
    () => gptq(matrix, curvature, { bits: 4, groupSize: 4 }),
    RangeError,
    "divide the row of 6",
  );
  assertThrows(() => gptq(matrix, curvature, { bits: 4, batchSize: 0 }), RangeError, "batch size");
  assertThrows(() => gptq(matrix, curvature, { bits: 4, damping: -1 }), RangeError, "the share");
  const other = hessian(inputStatistics(randomMatrix(2, 9, 5)));
  assertThrows(
    () => gptq(matrix, other, { bits: 4 }),
    TypeError,
    "must be 6 x 6: current shape is 5 x 5",
  );
  const broken = matrix.map((value, at) => at === 3 ? NaN : value);
  assertThrows(() => gptq(broken, curvature, { bits: 4 }), RangeError, "finite");
  const tensor = { bits: 4, groupSize: "tensor" } as unknown as GptqOptions;
  assertThrows(() => gptq(matrix, curvature, tensor), RangeError, "shared within a row");
});
