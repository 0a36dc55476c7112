/** Quantities: their names, how they are read from text, how they are written for a reader. */
export * from "./format.ts";
export * from "./parse_quantity.ts";
export * from "./quantities.ts";
export * from "./requirements.ts";
