import type { Seconds, Tokens } from "../../units/mod.ts";
import type { Phase } from "./server.ts";

/** What a simulation tells an observer, in the order of time, so that a figure can replay it. */
export type ServingEvent = RequestEvent | StepEvent;

/** Something happened to a request. */
export interface RequestEvent {
  readonly kind:
    | "arrived"
    | "admitted"
    | "first token"
    /** A prompt, and what had been answered, was computed again after its cache was thrown away. */
    | "caught up"
    /** Complete, but its batch is not. */
    | "held"
    | "finished"
    | "preempted"
    | "swapped out"
    | "swapped in"
    | "paused"
    | "resumed";
  readonly time: Seconds;
  readonly request: number;
  /** Where the request is now. */
  readonly phase: Phase;
}

/** Steps that were carried out: one, or several of a kind one after the other. */
export interface StepEvent {
  readonly kind: "steps";
  /** When the first of them began, and how long all took. What they brought about is told before, with the time of its end. */
  readonly time: Seconds;
  readonly seconds: Seconds;
  readonly steps: number;
  /** In each of them: requests that decoded, and tokens of prompts. */
  readonly decodes: number;
  readonly promptTokens: Tokens;
  /** The requests whose prompts, or pieces of prompts, were computed. */
  readonly prompts: readonly number[];
  /** Requests that wait, and blocks that are taken, at the end. */
  readonly waiting: number;
  readonly blocks: number;
}
