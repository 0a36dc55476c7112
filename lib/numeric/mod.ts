/** Matrices, seeded randomness and statistics. */
export * from "./cholesky.ts";
export * from "./matrix.ts";
export * from "./random.ts";
export * from "./singular_values.ts";
export * from "./statistics.ts";
export * from "./formula.ts";
