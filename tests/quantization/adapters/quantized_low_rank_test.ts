import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { Matrix, seeded, singularValues } from "@fewer-bytes/numeric";
import { parameters } from "@fewer-bytes/transformer";
import {
  adapterParameters,
  createAdapter,
  fineTuningBytes,
  freezeBase,
  hadamard,
  normalFloat4,
  trainAdapter,
} from "@fewer-bytes/quantization";

const random = seeded(4);
const gaussian = (rows: number, columns: number, deviation: number) =>
  new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal(0, deviation)),
  );

const [outputs, width] = [16, 64];
const weights = Matrix.zeros(outputs, width).map(() => random.normal());
const frozen = freezeBase(weights);
/** Inputs at right angles, so that the loss is the squared error of the weights, and theory can be held against it. */
const inputs = hadamard(width);
const targetsOf = (wanted: Matrix) => inputs.multiply(wanted.transpose());

Deno.test("trainAdapter() on a four-bit base learns a new task nearly as well as on the full one", () => {
  const change = gaussian(outputs, 4, 1).multiply(gaussian(4, width, 0.3));
  const targets = targetsOf(weights.map((value, i) => value + change.data[i]!));
  const start = createAdapter({ outputs, inputs: width, rank: 6 }, seeded(1));
  const train = (base: Matrix) =>
    trainAdapter(base, start, { inputs, targets }, { steps: 400, rate: 0.02 }).losses;
  const [full, quantized] = [train(weights), train(frozen)];
  assertLess(full.at(-1)!, full[0]! * 1e-3);
  assertLess(quantized.at(-1)!, quantized[0]! * 0.1); // nine tenths are recovered
  assertGreater(quantized.at(-1)!, full.at(-1)!); // what is left is rounding noise, of full rank
});

Deno.test("trainAdapter() cannot undo rounding beyond the first singular values of its error", () => {
  const error = weights.map((value, i) => value - frozen.data[i]!);
  const energies = singularValues(error).values.map((value) => value ** 2);
  const rank = 4;
  const bound = energies.slice(rank).reduce((sum, value) => sum + value, 0);
  const start = createAdapter({ outputs, inputs: width, rank, alpha: 8 }, seeded(2));
  const { losses } = trainAdapter(frozen, start, { inputs, targets: targetsOf(weights) }, {
    steps: 800,
    rate: 0.03,
  });
  assertAlmostEquals(losses[0]!, energies.reduce((sum, value) => sum + value, 0), 1e-6);
  assertGreater(losses.at(-1)!, bound * (1 - 1e-9));
  assertLess(losses.at(-1)!, bound * 1.1);
  assertGreater(bound, losses[0]! / 2); // most of the noise is out of reach
});

Deno.test("freezeBase() keeps the shape, errs by some percent, and takes any block format", () => {
  const error = (rounded: Matrix<Float32Array>) => {
    let errors = 0, energy = 0;
    weights.data.forEach((value, i) => {
      errors += (value - rounded.data[i]!) ** 2;
      energy += value ** 2;
    });
    return Math.sqrt(errors / energy);
  };
  assertEquals([frozen.rows, frozen.columns], [outputs, width]);
  assertAlmostEquals(error(frozen), 0.09, 0.03);
  assertAlmostEquals(error(freezeBase(weights, normalFloat4)), error(frozen), 0.01);
  assertThrows(() => freezeBase(Matrix.zeros(3, 7)), RangeError);
});

Deno.test("fineTuningBytes() gives the two figures of QLoRA's abstract for 65 billion weights", () => {
  // "... reduces memory usage from > 780 GB to < 48 GB": 12 bytes a weight, and 4.127 bits with adapters.
  assertEquals(fineTuningBytes({ weights: 65e9, trained: 65e9 }).total, 780e9);
  // LLaMA 65B: 80 layers of 4 attention matrices (8192 x 8192) and 3 of 22016; adapters of rank 64 on all of them.
  const trained = 80 *
    (4 * adapterParameters(8192, 8192, 64) + 3 * adapterParameters(22016, 8192, 64));
  const { base, total, optimizer } = fineTuningBytes({ weights: 65.2e9, trained });
  assertAlmostEquals(base / 1e9, 33.6, 0.1);
  assertEquals(optimizer, 8 * trained);
  assertLess(total, 48e9);
});

Deno.test("fineTuningBytes() needs a third of plain LoRA's base, and hardly any state for either", () => {
  const weights = parameters(findModel("llama-3.1-8b")).total;
  const trained = adapterParameters(4096, 4096, 16) * 64;
  const plain = fineTuningBytes({ weights, trained, baseBits: 16 });
  const quantized = fineTuningBytes({ weights, trained });
  assertAlmostEquals(plain.base / quantized.base, 16 / 4.127, 1e-3);
  assertEquals(plain.total - plain.base, 12 * trained);
  assertLess(quantized.total, plain.total / 3);
});

Deno.test("fineTuningBytes() refuses numbers that cannot be", () => {
  assertThrows(() => fineTuningBytes({ weights: 0, trained: 0 }), RangeError, "weights");
  assertThrows(() => fineTuningBytes({ weights: 1, trained: -1 }), RangeError, "trained");
  assertThrows(() => fineTuningBytes({ weights: 1, trained: NaN }), RangeError, "trained");
});
