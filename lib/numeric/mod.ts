/** Matrices, seeded randomness and statistics. */
export * from "./matrix.ts";
export * from "./random.ts";
export * from "./statistics.ts";
export * from "./formula.ts";
