import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  quantize,
  type Regression,
  roundToNearest,
  trainRegression,
} from "@fewer-bytes/quantization";

/** Features that share a common part, as the channels of a network do: examples to train on, and as many new ones. */
function makeRegression(seed: number, features = 16, examples = 200): [Regression, Regression] {
  const random = seeded(seed);
  const truth = Array.from({ length: features }, () => random.normal());
  const draw = (): Regression => {
    const rows = Array.from({ length: examples }, () => {
      const common = random.normal();
      return truth.map(() => common + random.normal());
    });
    const targets = rows.map((row) =>
      row.reduce((sum, x, i) => sum + x * truth[i]!, 0.1 * random.normal())
    );
    return { inputs: Matrix.from(rows), targets };
  };
  return [draw(), draw()];
}

function lossOf({ inputs, targets }: Regression, weights: Matrix<Float32Array>): number {
  return inputs.toRows().reduce(
    (sum, row, n) =>
      sum + (row.reduce((y, x, i) => y + x * weights.data[i]!, 0) - targets[n]!) ** 2,
    0,
  ) / inputs.rows;
}

Deno.test("trainRegression() without a grid finds the least squares, where no slope is left", () => {
  const [problem] = makeRegression(1);
  const { weights, loss, losses } = trainRegression(problem, { steps: 2000 });
  assertAlmostEquals(loss, lossOf(problem, weights), 1e-6);
  assert(
    losses.every((value, step) => step === 0 || value <= losses[step - 1]! + 1e-9),
    "losses fall",
  );
  const errors = problem.inputs.toRows().map((row, n) =>
    row.reduce((y, x, i) => y + x * weights.data[i]!, 0) - problem.targets[n]!
  );
  for (let i = 0; i < 16; i++) {
    const slope = errors.reduce((sum, error, n) => sum + error * problem.inputs.get(n, i), 0) / 200;
    assertAlmostEquals(slope, 0, 1e-3);
  }
});

for (const bits of [2, 3]) {
  Deno.test(`at ${bits} bits, training with the grid loses less than rounding after training, on new examples too`, () => {
    const grid = { bits };
    let seen = 0, unseen = 0;
    for (let seed = 0; seed < 10; seed++) {
      const [problem, fresh] = makeRegression(seed);
      const plain = trainRegression(problem);
      const rounded = roundToNearest(plain.weights, grid);
      const aware = trainRegression(problem, { grid, start: plain.weights });
      assertAlmostEquals(aware.losses[0]!, lossOf(problem, rounded), 1e-6); // both start from there
      assertAlmostEquals(aware.loss, lossOf(problem, aware.weights), 1e-6);
      assert(aware.loss <= aware.losses[0]!);
      seen += aware.loss / lossOf(problem, rounded) / 10;
      unseen += lossOf(fresh, aware.weights) / lossOf(fresh, rounded) / 10;
    }
    assert(seen < 0.75 && unseen < 0.8, `mean ratios of losses: ${seen} and ${unseen}`);
  });
}

Deno.test("trainRegression() with a grid gives weights that lie on it: few enough values, evenly spaced", () => {
  const { weights } = trainRegression(makeRegression(4)[0], { grid: { bits: 2 }, steps: 50 });
  assert(new Set(weights.data.map((w) => w + 0)).size <= 3);
  assertEquals(roundToNearest(weights, { bits: 2 }).data, weights.data);
  assertEquals(quantize(weights, { bits: 2 }).codes.length, 16);
});

Deno.test("at 12 bits the grid costs next to nothing", () => {
  const [problem] = makeRegression(2);
  const plain = trainRegression(problem, { steps: 500 });
  const aware = trainRegression(problem, { steps: 500, grid: { bits: 12 } });
  assertAlmostEquals(aware.loss / plain.loss, 1, 0.02);
});

Deno.test("trainRegression() refuses targets that do not match the inputs", () => {
  const [{ inputs }] = makeRegression(1);
  assertThrows(
    () => trainRegression({ inputs, targets: [1, 2] }),
    TypeError,
    "200 examples and 2 targets",
  );
  assertThrows(
    () => trainRegression({ inputs: Matrix.zeros(0, 3), targets: [] }),
    TypeError,
    "0 examples",
  );
});
