import { Matrix, seeded } from "@fewer-bytes/numeric";
import { createAdapter } from "@fewer-bytes/quantization";

/** A matrix of seeded normal numbers. */
export function gaussian(rows: number, columns: number, seed: number) {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
}

/** An adapter in the middle of its training: nothing in it is zero. */
export function trainedAdapter(outputs: number, inputs: number, rank: number, seed: number) {
  const adapter = createAdapter({ outputs, inputs, rank, alpha: 3 }, seeded(seed));
  return { ...adapter, up: gaussian(outputs, rank, seed + 1) };
}
