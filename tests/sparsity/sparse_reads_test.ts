import { assert, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward, type MultiplyRows, multiplyRows } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { keepLargest, SparseReads, zeroBelow } from "@fewer-bytes/sparsity";
import { tinyModel } from "../lm/runtime/tiny.ts";

const random = seeded(8);
const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());
const weight = { name: "down", outputs: 7, inputs: 12, data: numbers(84) };

Deno.test("SparseReads multiplies as the dense product does with the zeros put in, to the last bit", () => {
  const x = numbers(36);
  const before = x.slice();
  const reads = new SparseReads(() => (activations) => zeroBelow(activations, 0.7));
  const [own, expected] = [new Float32Array(21), new Float32Array(21)];
  reads.multiply(x, 3, weight, own);
  assertEquals(x, before); // others may read the same activations
  multiplyRows(zeroBelow(x.slice(), 0.7), 3, weight, expected);
  assertEquals(own, expected);
});

Deno.test("SparseReads counts the columns that are needed: of each token, or of any of those computed together", () => {
  const x = Float32Array.of(...[1, 0, 0, 0], ...[1, 2, 0, 0], ...[0, 0, 3, 0]);
  const small = { name: "down", outputs: 5, inputs: 4, data: numbers(20) };
  for (
    const [together, columns, passes] of [[1, 1 + 2 + 1, 3], [2, 2 + 1, 2], [3, 3, 1]] as const
  ) {
    const reads = new SparseReads(() => () => {}, together);
    reads.multiply(x, 3, small, new Float32Array(15));
    assertEquals(reads.read, columns * 5 * 4);
    assertEquals(reads.total, passes * 20 * 4);
  }
});

Deno.test("SparseReads skips nothing, and changes nothing, where nothing is to be sparsified", () => {
  const reads = new SparseReads(() => undefined);
  const [own, expected] = [new Float32Array(7), new Float32Array(7)];
  const x = numbers(12).fill(0, 3);
  reads.multiply(x, 1, weight, own);
  multiplyRows(x, 1, weight, expected);
  assertEquals([own, reads.read], [expected, reads.total]);
});

Deno.test("SparseReads runs a model, reading exactly the share of the way down that top-k leaves", () => {
  const model = tinyModel();
  const run = (multiply: MultiplyRows) =>
    forward(model, [{ tokens: [5, 6, 7], cache: denseCache(model) }], { multiply })[0]!;
  const isDown = (name: string) => name.endsWith("down_proj.weight");
  const half = new SparseReads(({ name }) => isDown(name) ? (x) => keepLargest(x, 20) : undefined);
  const logits = run(half.multiply);
  assert(logits.some((logit, i) => logit !== run(multiplyRows)[i]));
  const skipped = 3 * model.layers.length * model.layers[0]!.down.data.byteLength / 2;
  assertEquals(half.total - half.read, skipped);
  const all = new SparseReads(({ name }) => isDown(name) ? (x) => keepLargest(x, 40) : undefined);
  assertEquals(run(all.multiply), run(multiplyRows));
});

Deno.test("SparseReads refuses to compute no tokens together", () => {
  assertThrows(() => new SparseReads(() => undefined, 0), RangeError, "together");
});
