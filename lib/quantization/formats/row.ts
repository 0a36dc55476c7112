/** Refuses a row that is no whole number of blocks, or holds what is not finite. */
export function requireRow(row: Float32Array, blockSize: number, name: string): void {
  if (row.length % blockSize) {
    throw new RangeError(
      `Cannot encode ${name} as the length of a row must be a multiple of ${blockSize}: current value is ${row.length}`,
    );
  }
  const bad = row.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot encode ${name} as every value must be finite: value ${bad} is ${row[bad]}`,
    );
  }
}

/** The largest magnitude of a block; 0 when it is empty. */
export function largestOf(block: Float32Array): number {
  let largest = 0;
  for (const value of block) largest = Math.max(largest, Math.abs(value));
  return largest;
}
