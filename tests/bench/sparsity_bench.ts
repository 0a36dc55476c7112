import { multiplyRows } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { inputStatistics } from "@fewer-bytes/quantization";
import {
  applyMask,
  compressTwoFour,
  keepLargest,
  magnitudeMask,
  multiplyTwoFour,
  sparseGpt,
  SparseReads,
  twoOfFour,
} from "@fewer-bytes/sparsity";

const random = seeded(1);
const normal = (rows: number, columns: number) =>
  Matrix.zeros(rows, columns).map(() => random.normal());
const [outputs, inputs] = [192, 512]; // the way down of the target model
const weights = normal(outputs, inputs);
const masked = applyMask(weights, magnitudeMask(weights, twoOfFour));
const compressed = compressTwoFour(masked);
const { gram } = inputStatistics(normal(1024, inputs));
const weight = { name: "down", outputs, inputs, data: masked.data };
const half = new SparseReads(() => (activations) => keepLargest(activations, inputs / 2));

for (const rows of [1, 64]) {
  const x = normal(rows, inputs).data;
  const y = new Float32Array(rows * outputs);
  const group = `${rows} rows times a 192 x 512 matrix`;
  Deno.bench("dense", { group, baseline: true }, () => multiplyRows(x, rows, weight, y));
  Deno.bench("compressed 2:4", { group }, () => multiplyTwoFour(x, rows, compressed, y));
  Deno.bench("half of the activations", { group }, () => half.multiply(x, rows, weight, y));
}

Deno.bench("magnitude mask of a 192 x 512 matrix", () => {
  magnitudeMask(weights, 0.5);
});
Deno.bench("SparseGPT of a 192 x 512 matrix, 2:4", () => {
  sparseGpt(weights, gram, { amount: twoOfFour });
});
