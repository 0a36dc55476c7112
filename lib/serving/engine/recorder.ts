import type { Bytes, Flop, Seconds, Tokens } from "../../units/mod.ts";
import type { StepTotals } from "../cost/step_cost.ts";
import { LogHistogram } from "../log_histogram.ts";

/** One look at the server. */
export interface Sample {
  readonly time: Seconds;
  readonly running: number;
  readonly waiting: number;
  readonly blocks: number;
}

/** The most samples that a time line keeps; beyond that every second one is dropped. */
const mostSamples = 1024;

/** Adds up what happens, in constant memory besides three columns. */
export class Recorder {
  readonly first: Float64Array;
  readonly finished: Float64Array;
  /** When each request got its last token. */
  readonly last: Float64Array;
  readonly gaps = new LogHistogram();
  busy: Seconds = 0;
  steps = 0;
  /** Tokens that were given out, and places of the batch that were computed for it. */
  outputTokens: Tokens = 0;
  places = 0;
  promptTokens: Tokens = 0;
  bytes: Bytes = 0;
  weights: Bytes = 0;
  experts: Bytes = 0;
  cache: Bytes = 0;
  flops: Flop = 0;
  /** Integrals over time: requests in the system, requests in a step, blocks taken. */
  presence = 0;
  batchSeconds = 0;
  blockSeconds = 0;
  peakBlocks = 0;
  readonly samples: Sample[] = [];
  private stride = 1;
  private looks = 0;

  constructor(count: number) {
    this.first = new Float64Array(count).fill(NaN);
    this.finished = new Float64Array(count).fill(NaN);
    this.last = new Float64Array(count).fill(NaN);
  }

  /** Adds steps whose costs lie on a line from the first to the last. */
  add(first: StepTotals, last: StepTotals, steps: number): void {
    const half = steps / 2;
    this.steps += steps;
    this.bytes += half * (first.bytes + last.bytes);
    this.weights += half * (first.weights + last.weights);
    this.experts += half * (first.experts + last.experts);
    this.cache += half * (first.cache + last.cache);
    this.flops += half * (first.flops + last.flops);
  }

  /** Looks at the server, now and then. */
  look(time: Seconds, running: number, waiting: number, blocks: number): void {
    if (this.looks++ % this.stride !== 0) return;
    this.samples.push({ time, running, waiting, blocks });
    if (this.samples.length < mostSamples) return;
    for (let index = 0; 2 * index < mostSamples; index++) {
      this.samples[index] = this.samples[2 * index]!;
    }
    this.samples.length = mostSamples / 2;
    this.stride *= 2;
  }
}
