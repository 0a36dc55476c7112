import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { inputStatistics } from "@fewer-bytes/quantization";
import fc from "fast-check";
import { InputRecorder } from "../../../lib/quantization/calibrated/input_statistics.ts";
import { assertClose, randomMatrix } from "./support.ts";

Deno.test("inputStatistics() gives Xᵀ · X, the mean and the largest |x| of each channel", () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 7 }),
      (seed, rows, inputs) => {
        const x = randomMatrix(seed, rows, inputs);
        const { gram, meanAbsolute, maxAbsolute, tokens } = inputStatistics(x);
        assertEquals(tokens, rows);
        assertClose(gram.data, x.transpose().multiply(x).data, 1e-5);
        const columns = x.transpose().map(Math.abs).toRows();
        assertEquals([...maxAbsolute], columns.map((column) => Math.max(...column)));
        columns.forEach((column, j) =>
          assertAlmostEquals(meanAbsolute[j]!, column.reduce((a, b) => a + b) / rows, 1e-12)
        );
      },
    ),
    { seed: 1 },
  );
});

Deno.test("InputRecorder: it makes no difference in how many pieces the rows come", () => {
  const x = randomMatrix(1, 10, 4);
  const recorder = new InputRecorder(4, 0);
  for (const [start, end] of [[0, 3], [3, 4], [4, 10]] as const) {
    recorder.add(new Matrix(end - start, 4, x.data.subarray(start * 4, end * 4)), 0);
  }
  const { gram, tokens, meanAbsolute } = recorder.statistics();
  const whole = inputStatistics(x);
  assertEquals([tokens, gram, meanAbsolute], [10, whole.gram, whole.meanAbsolute]);
});

Deno.test("InputRecorder keeps as many rows as it was asked for, evenly spaced, and no more", () => {
  const x = new Matrix(6, 1, Float32Array.of(0, 1, 2, 3, 4, 5));
  const recorder = new InputRecorder(1, 5);
  recorder.add(x, 3);
  assertEquals([...recorder.statistics().sample.data], [1, 3, 5]);
  recorder.add(x, 3);
  assertEquals([...recorder.statistics().sample.data], [1, 3, 5, 1, 4]);
  recorder.add(x, 3);
  assertEquals(recorder.statistics().sample.rows, 5);
});

Deno.test("InputRecorder keeps copies: the arrays of a running model are written again", () => {
  const x = Float32Array.of(1, 2);
  const recorder = new InputRecorder(2, 1);
  recorder.add(new Matrix(1, 2, x), 1);
  x.fill(9);
  assertEquals([...recorder.statistics().sample.data], [1, 2]);
});

Deno.test("inputStatistics() refuses no rows, NaN and Infinity", () => {
  assertThrows(() => inputStatistics(Matrix.zeros(0, 2)), RangeError, "number of rows is 0");
  for (const value of [NaN, Infinity]) {
    const x = new Matrix(1, 2, Float32Array.of(1, value));
    assertThrows(() => inputStatistics(x), RangeError, `the sum of channel 1 is ${value}`);
  }
});
