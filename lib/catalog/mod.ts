/** Hardware and models: their types, and the ones the course knows. */
export * from "./find.ts";
export * from "./hardware.ts";
export * from "./hugging_face.ts";
export * from "./model.ts";
export * from "./number_format.ts";
export * from "./problem.ts";
