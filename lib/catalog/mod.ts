/** Hardware and models: their types, and the ones the course knows. */
export type { EnergyFact } from "./energy_facts.ts";
export * from "./find.ts";
export * from "./find_pim.ts";
export * from "./hardware.ts";
export * from "./hugging_face.ts";
export * from "./memory_parts.ts";
export * from "./model.ts";
export * from "./number_format.ts";
export * from "./offload_machines.ts";
export * from "./pim_device.ts";
export * from "./problem.ts";
export type { FactSource } from "./read_facts.ts";
