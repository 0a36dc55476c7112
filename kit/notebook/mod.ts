export * from "./notebook.ts";
export * from "./write_atomically.ts";
