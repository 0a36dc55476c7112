import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertThrows,
} from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  adaptedOutput,
  createAdapter,
  mergeAdapter,
  trainAdapter,
} from "@fewer-bytes/quantization";

const random = seeded(9);
const gaussian = (rows: number, columns: number, deviation = 1) =>
  new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal(0, deviation)),
  );

const weights = gaussian(8, 12, 0.3);
const inputs = gaussian(200, 12);
const change = gaussian(8, 2, 0.5).multiply(gaussian(2, 12, 0.5));
const targets = inputs.multiply(weights.map((value, i) => value + change.data[i]!).transpose());
const start = createAdapter({ outputs: 8, inputs: 12, rank: 2 }, seeded(1));

Deno.test("trainAdapter() finds a change of its own rank, and leaves the weights alone", () => {
  const before = weights.clone();
  const { adapter, losses } = trainAdapter(weights, start, { inputs, targets }, { steps: 600 });
  assertEquals(losses.length, 601);
  assertLess(losses.at(-1)!, losses[0]! * 1e-4);
  const merged = mergeAdapter(weights, adapter);
  merged.data.forEach((value, i) =>
    assertAlmostEquals(value, weights.data[i]! + change.data[i]!, 0.05)
  );
  assertEquals(weights.toRows(), before.toRows());
});

Deno.test("trainAdapter() of a lower rank than the change is left with a part of the loss", () => {
  const small = createAdapter({ outputs: 8, inputs: 12, rank: 1 }, seeded(1));
  const { losses } = trainAdapter(weights, small, { inputs, targets }, { steps: 600 });
  assertGreater(losses.at(-1)!, losses[0]! * 0.02);
  assertLess(losses.at(-1)!, losses[0]! * 0.9);
});

Deno.test("trainAdapter() steps along the gradient: the first step is that of B alone", () => {
  const { adapter } = trainAdapter(weights, start, { inputs, targets }, { steps: 1, rate: 0.01 });
  assertEquals(adapter.down.toRows(), start.down.toRows()); // B is zero, so A gets no gradient yet
  const loss = (b: typeof start.up) =>
    adaptedOutput(weights, { ...start, up: b }, inputs).data
      .reduce((sum, value, i) => sum + (value - targets.data[i]!) ** 2, 0) / targets.rows;
  const step = 1e-5;
  for (const i of [0, 7, 15]) {
    const moved = (by: number) => loss(start.up.map((value, j) => i === j ? value + by : value));
    const slope = (moved(step) - moved(-step)) / (2 * step);
    assertAlmostEquals(adapter.up.data[i]!, -0.01 * slope, 1e-7);
  }
});

Deno.test("trainAdapter() refuses other shapes, bad options, and a rate that explodes", () => {
  const task = { inputs, targets };
  assertThrows(
    () => trainAdapter(weights, start, { inputs, targets: inputs }),
    TypeError,
    "200 x 8",
  );
  assertThrows(() => trainAdapter(weights, start, task, { steps: -1 }), RangeError, "steps");
  assertThrows(() => trainAdapter(weights, start, task, { rate: 0 }), RangeError, "rate");
  assertThrows(() => trainAdapter(weights, start, task, { rate: 100 }), RangeError, "stay finite");
});
