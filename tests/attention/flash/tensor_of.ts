import type { Matrix } from "@fewer-bytes/numeric";
import type { SparseTensor } from "@fewer-bytes/attention";

/** A matrix as a tensor whose places are "row,column", or what a function makes of them. */
export function tensorOf(
  { rows, columns, data }: Matrix,
  place: (row: number, column: number) => string = (row, column) => `${row},${column}`,
): SparseTensor {
  const tensor: SparseTensor = new Map();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) tensor.set(place(i, j), data[i * columns + j]!);
  }
  return tensor;
}
