import type { Plan } from "../engine/plan.ts";
import type { Server } from "../engine/server.ts";

/**
 * Decides what each step computes. A policy sees who waits, who runs and what is free; it admits, evicts, and fills in
 * the plan. It is asked again when something has arrived, ended or run out of room, and after each step with a prompt;
 * between those, a plan that only decodes is repeated.
 */
export interface Policy {
  readonly name: string;
  /** Forgets an earlier simulation. */
  start?(): void;
  /** Whether requests that are complete stay in their places until all of the batch are. */
  readonly holdsFinished?: boolean;
  /** What becomes of the cache of a request that waits for a tool. Default "keep". */
  readonly pause?: PauseChoice;
  /** Fills in the plan of the next step; an empty one means to wait. */
  plan(server: Server, plan: Plan): void;
}

/** What becomes of a cache during a pause: decided once for all, or each time. */
export type PauseChoice =
  | PauseAction
  | ((server: Server, request: number) => PauseAction);

/** Keep the blocks, move them to the host, or free them and compute all again. */
export type PauseAction = "keep" | "swap" | "discard";
