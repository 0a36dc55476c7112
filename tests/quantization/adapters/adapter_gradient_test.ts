import { assertAlmostEquals } from "@std/assert";
import { adaptedOutput, adapterGradient, type LowRankAdapter } from "@fewer-bytes/quantization";
import { gaussian, trainedAdapter } from "./trained_adapter.ts";

Deno.test("adapterGradient() agrees with finite differences, by A, B and the inputs", () => {
  const [weights, x, slope] = [gaussian(4, 5, 1), gaussian(3, 5, 2), gaussian(3, 4, 3)];
  const adapter = trainedAdapter(4, 5, 2, 4);
  // A loss with the given slope at every output: their weighted sum.
  const loss = (changed: LowRankAdapter, inputs = x) =>
    adaptedOutput(weights, changed, inputs).data.reduce((s, y, i) => s + y * slope.data[i]!, 0);
  const gradient = adapterGradient(weights, adapter, x, slope);
  const step = 1e-5;
  const numeric = (matrix: typeof x, at: (changed: typeof x) => number) =>
    matrix.map((_, i) => {
      const moved = (by: number) => at(matrix.map((value, j) => i === j ? value + by : value));
      return (moved(step) - moved(-step)) / (2 * step);
    });
  const pairs = [
    [gradient.down, numeric(adapter.down, (down) => loss({ ...adapter, down }))],
    [gradient.up, numeric(adapter.up, (up) => loss({ ...adapter, up }))],
    [gradient.inputs, numeric(x, (inputs) => loss(adapter, inputs))],
  ] as const;
  for (const [exact, estimate] of pairs) {
    exact.data.forEach((value, i) => assertAlmostEquals(value, estimate.data[i]!, 1e-7));
  }
});
