import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { denseCache, forward, type MultiplyRows, multiplyRows } from "@fewer-bytes/lm";
import { thresholdGates } from "@fewer-bytes/sparsity";
import { tinyModel } from "../lm/runtime/tiny.ts";

const model = tinyModel();
const run = (multiply: MultiplyRows) =>
  forward(model, [{ tokens: [2, 3, 5, 7], cache: denseCache(model) }], {
    multiply,
    logits: "all",
  })[0]!;

Deno.test("thresholdGates() at 0 changes no logit and reads everything", () => {
  const { multiply, reads } = thresholdGates(() => 0);
  assertEquals(run(multiply), run(multiplyRows));
  assertEquals(reads().read, reads().total);
});

Deno.test("thresholdGates() counts gates whole, and the two other matrices by the gates that are open", () => {
  const { multiply, reads } = thresholdGates(() => 0.3);
  const logits = run(multiply);
  assert(logits.some((logit, i) => logit !== run(multiplyRows)[i]));
  const { open, read, total } = reads();
  assert(open > 0 && open < 1);
  assertAlmostEquals(read / total, (1 + 2 * open) / 3, 1e-12);
  assertEquals(total, 4 * 3 * 3 * 40 * 24 * 4); // tokens, layers, matrices, values, bytes
});

Deno.test("thresholdGates() closes exactly the gates whose silu is below, and their products with them", () => {
  const inputs: Float32Array[] = [];
  const dense: Float32Array[] = [];
  const spy =
    (into: Float32Array[], multiply: MultiplyRows): MultiplyRows => (x, rows, weight, y) => {
      if (weight.name === "model.layers.0.mlp.down_proj.weight") into.push(x.slice());
      multiply(x, rows, weight, y);
    };
  const gates: Float32Array[] = [];
  run(spy(dense, (x, rows, weight, y) => {
    multiplyRows(x, rows, weight, y);
    if (weight.name === "model.layers.0.mlp.gate_proj.weight") gates.push(y.slice());
  }));
  run(spy(inputs, thresholdGates(() => 0.2).multiply));
  gates[0]!.forEach((gate, i) => {
    const closed = Math.abs(gate / (1 + Math.exp(-gate))) < 0.2;
    assert(inputs[0]![i] === (closed ? 0 : dense[0]![i])); // 0 may be -0
  });
});
