/** The ledger: each claim of the source documents, derived again from catalog and library. */
export * from "./claim.ts";
export * from "./derivation.ts";
export * from "./ledger.ts";
export type { ModeledSystem } from "./modeled_system.ts";
export * from "./modeled_systems.ts";
export * from "./rows.ts";
export * from "./system.ts";
export * from "./systems_left_out.ts";
export * from "./verdict.ts";
