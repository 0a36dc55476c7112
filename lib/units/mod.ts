/** Quantities: their names, how mathjs reads them from text, how they are written for a reader. */
export * from "./format.ts";
export * from "./mathjs.ts";
export * from "./once.ts";
export * from "./parse_quantity.ts";
export * from "./quantities.ts";
export * from "./requirements.ts";
