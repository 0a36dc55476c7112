import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  denseCache,
  forward,
  loadModel,
  type MultiplyRows,
  multiplyRows,
  writeStory,
} from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  applyMask,
  density,
  distillationLoss,
  distillHead,
  magnitudeMask,
} from "@fewer-bytes/sparsity";

const random = seeded(5);
const normal = (rows: number, columns: number) =>
  Matrix.zeros(rows, columns).map(() => random.normal());
const hidden = normal(20, 6);
const truth = normal(9, 6);
const teacher = hidden.multiply(truth.transpose());

Deno.test("a pruned head of the target model learns from the dense one: its divergence falls, its zeros stay", async () => {
  const model = await loadModel("target");
  const { head } = model;
  let [hidden, teacher] = [Matrix.zeros(0, 0), Matrix.zeros(0, 0)];
  const multiply: MultiplyRows = (x, rows, weight, y) => {
    multiplyRows(x, rows, weight, y);
    if (weight !== head) return;
    hidden = new Matrix(rows, head.inputs, x.slice());
    teacher = new Matrix(rows, head.outputs, y.slice());
  };
  const { tokens } = writeStory(1, 200);
  forward(model, [{ tokens, cache: denseCache(model) }], { multiply, logits: "all" });
  const dense = new Matrix(head.outputs, head.inputs, head.data);
  const mask = magnitudeMask(dense, 0.5);
  const steps = 20;
  const start = applyMask(dense, mask);
  const { head: healed, losses } = distillHead({ hidden, teacher, head: start, mask, steps });
  assertEquals(losses.length, steps + 1);
  assert(losses[steps]! < 0.8 * losses[0]!, `${losses[0]} to ${losses[steps]}`);
  assert(density(healed.data) <= 0.5001);
});

Deno.test("distillHead() reports the mean loss that distillationLoss() gives for the head it started from", () => {
  const { losses, head } = distillHead({ hidden, teacher, head: Matrix.zeros(9, 6), steps: 0 });
  const flat = new Float32Array(9);
  const mean = Array.from({ length: 20 }, (_, i) => distillationLoss(flat, teacher.row(i)).loss)
    .reduce((sum, loss) => sum + loss) / 20;
  assertAlmostEquals(losses[0]!, mean, 1e-9);
  assertEquals(head.data, new Float32Array(54));
});

Deno.test("distillHead() finds a head that says what the teacher says, at any temperature", () => {
  for (const temperature of [1, 3]) {
    const { losses } = distillHead({
      hidden,
      teacher,
      head: Matrix.zeros(9, 6),
      steps: 400,
      temperature,
    });
    assert(losses[400]! < 0.01 * losses[0]!, `${losses[0]} to ${losses[400]}`);
  }
});

Deno.test("distillHead() takes first steps that lower the loss however loud the hidden states are", () => {
  for (const loudness of [1e-3, 1, 1e3]) {
    const louder = hidden.map((value) => loudness * value);
    const { losses } = distillHead({ hidden: louder, teacher, head: Matrix.zeros(9, 6), steps: 2 });
    assert(losses[1]! < losses[0]! && losses[2]! < losses[1]!);
  }
});

Deno.test("distillHead() refuses shapes that do not match, and hidden states that are all zero", () => {
  const head = Matrix.zeros(9, 6);
  assertThrows(
    () => distillHead({ hidden, teacher, head: Matrix.zeros(8, 6), steps: 1 }),
    TypeError,
  );
  const silent = Matrix.zeros(20, 6);
  assertThrows(
    () => distillHead({ hidden: silent, teacher, head, steps: 1 }),
    RangeError,
    "all zero",
  );
});
