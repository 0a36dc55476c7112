import type { Seconds, Tokens } from "../../units/mod.ts";

/** What a simulation tells an observer, in the order of time, so that a figure can replay it. */
export type ServingEvent =
  | {
    readonly kind:
      | "arrived"
      | "admitted"
      | "first token"
      | "finished"
      | "preempted"
      | "swapped out"
      | "swapped in"
      | "paused"
      | "resumed";
    readonly time: Seconds;
    readonly request: number;
  }
  | StepEvent;

/** Steps that were carried out: one, or several of a kind one after the other. */
export interface StepEvent {
  readonly kind: "steps";
  /** When the first of them began, and how long all took. */
  readonly time: Seconds;
  readonly seconds: Seconds;
  readonly steps: number;
  /** In each of them: requests that got a token, and tokens of prompts. */
  readonly decodes: number;
  readonly promptTokens: Tokens;
  /** Requests that wait, and blocks that are taken, at the end. */
  readonly waiting: number;
  readonly blocks: number;
}
