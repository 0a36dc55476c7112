import type { Seconds } from "../../units/mod.ts";
import type { RequestEvent, ServingEvent, StepEvent } from "./events.ts";
import type { Phase } from "./server.ts";

/** What a request does or suffers for some time; the parts of a time line. */
export const activities = [
  "prompt",
  "tool",
  "answer",
  "stalled",
  "for nothing",
  "waits",
] as const;

/** One of them. */
export type Activity = typeof activities[number];

/** A request does one thing from a start to an end: a bar of a time line. */
export interface Interval {
  readonly lane: string;
  readonly start: Seconds;
  readonly end: Seconds;
  readonly kind: Activity;
}

/** Something that happened at one moment: a mark of a time line. */
export interface Moment {
  readonly lane: string;
  readonly at: Seconds;
  readonly label: string;
}

/**
 * Who did what, and when? Turns the events of a simulation back into intervals, a lane for each request: it waits, its
 * prompt is computed, it gets its answer, it is stalled while others' prompts are computed, it is computed along for nothing
 * after its end, or it waits for a tool.
 *
 * @param events Everything that was told to the observer, in its order.
 * @param until The story is told up to this moment. Default: to its end.
 * @example A prompt, then an answer
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { continuousBatching, replay, requests, type ServingEvent, simulate } from "@fewer-bytes/serving";
 *
 * const events: ServingEvent[] = [];
 * simulate({
 *   deployment: { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") },
 *   requests: requests([{ arrival: 0, promptTokens: 100, outputTokens: 5 }]),
 *   policy: continuousBatching(),
 *   observe: (event) => events.push(event),
 * });
 * const { bars, marks } = replay(events);
 * assertEquals(bars.map(({ lane, kind }) => `${lane}: ${kind}`), ["request 1: prompt", "request 1: answer"]);
 * assertEquals(marks.map(({ label }) => label), ["arrives", "is complete"]);
 * ```
 */
export function replay(
  events: readonly ServingEvent[],
  until: Seconds = Infinity,
): { readonly bars: readonly Interval[]; readonly marks: readonly Moment[] } {
  const story = new Story(until);
  // What a step brought about is told before the step, and counts from its end on.
  let coming: RequestEvent[] = [];
  for (const event of events) {
    if (event.kind !== "steps") {
      coming.push(event);
      continue;
    }
    for (const each of coming) if (each.time <= event.time) story.hear(each);
    coming = coming.filter(({ time }) => time > event.time);
    story.pass(event);
  }
  for (const each of coming) story.hear(each);
  return { bars: story.bars, marks: story.marks };
}

/** What is known of a request while its events are read. */
interface Known {
  phase: Phase;
  /** Up to when its story is told. */
  told: Seconds;
}

class Story {
  readonly bars: { lane: string; start: Seconds; end: Seconds; kind: Activity }[] = [];
  readonly marks: Moment[] = [];
  readonly #known = new Map<number, Known>();
  /** The last bar of each request, which goes on while it does the same. */
  readonly #last = new Map<number, Story["bars"][number]>();

  constructor(private readonly until: Seconds) {}

  hear({ kind, time, request, phase }: RequestEvent): void {
    const known = this.#known.get(request);
    // Nothing is computed between steps: then one waits, or a tool works.
    if (known) this.#add(request, known, time, known.phase === "paused" ? "tool" : "waits");
    this.#known.set(request, { phase, told: time });
    const label = { arrived: "arrives", finished: "is complete" }[kind as string];
    if (label && time <= this.until) this.marks.push({ lane: lane(request), at: time, label });
    if (phase === "done") this.#known.delete(request);
  }

  pass({ time, seconds, decodes, prompts }: StepEvent): void {
    for (const [request, known] of this.#known) {
      this.#add(request, known, time, known.phase === "paused" ? "tool" : "waits");
      const kinds: Record<Phase, Activity> = {
        waiting: "waits",
        prefilling: prompts.includes(request) ? "prompt" : "waits",
        decoding: decodes > 0 ? "answer" : "stalled",
        held: "for nothing",
        paused: "tool",
        done: "waits",
      };
      this.#add(request, known, time + seconds, kinds[known.phase]);
    }
  }

  /** Tells the story of a request up to a moment. */
  #add(request: number, known: Known, moment: Seconds, kind: Activity): void {
    const [start, end] = [known.told, Math.min(moment, this.until)];
    if (!(end > start)) return;
    known.told = end;
    const last = this.#last.get(request);
    if (last?.kind === kind && last.end === start) last.end = end;
    else {
      const bar = { lane: lane(request), start, end, kind };
      this.bars.push(bar);
      this.#last.set(request, bar);
    }
  }
}

const lane = (request: number) => `request ${request + 1}`;
