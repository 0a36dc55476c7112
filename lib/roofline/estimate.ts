import { operators } from "../transformer/mod.ts";
import type { Seconds, TokensPerSecond } from "../units/mod.ts";
import {
  complete,
  type CompleteDeployment,
  completeRequest,
  type Deployment,
  type Footprint,
  footprint,
  largestBatch,
  operatorOptions,
  type Request,
} from "./deployment.ts";
import { type StepTime, stepTime } from "./time.ts";

/** What a deployment costs and gives. */
export interface Estimate {
  /** From the start until every sequence of the batch has its first token. */
  readonly timeToFirstToken: Seconds;
  /** Between two tokens of one sequence, on average over the answer. */
  readonly timePerOutputToken: Seconds;
  /** Tokens of all sequences together, while decoding. */
  readonly tokensPerSecond: TokensPerSecond;
  /** From the start until the last token. */
  readonly latency: Seconds;
  readonly footprint: Footprint;
  /** Sequences of this length that fit at once; 0 when the model does not fit. */
  readonly largestBatch: number;
  /** The last step of the prefill, and the decode step in the middle of the answer, operator by operator. */
  readonly prefill: StepTime;
  readonly decode: StepTime;
}

/** Decode steps are timed at this many places of the answer; between them time is close to linear in the context. */
const samples = 9;

/**
 * What does this model cost on this hardware?
 *
 * Prompts are prefilled in steps of at most `prefillTokens`, then all sequences decode together. Every step is a table
 * of operators, every operator takes the longer of its arithmetic and its traffic. With the default efficiency this is
 * a bound that no implementation beats: real ones reach perhaps 50 to 80 % of it, and small steps also wait for kernel
 * launches, which are not modeled.
 *
 * The answer is given also when the footprint does not fit: look at `footprint.fits`.
 *
 * @throws {RangeError} when a value of the deployment or of the request is out of range.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { estimate } from "@fewer-bytes/roofline";
 *
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const { timePerOutputToken, decode } = estimate(deployment, { promptTokens: 1000, outputTokens: 200 });
 * assert(decode.bound === "memory" && timePerOutputToken > 16e9 / 3.35e12 * 0.9); // 15 GB of weights at 3.35 TB/s
 * ```
 */
export function estimate(deployment: Deployment, request: Request): Estimate {
  const full = complete(deployment);
  const wanted = completeRequest(request);
  const prefill = prefillTime(full, wanted);
  const decode = decodeTime(full, wanted);
  return {
    timeToFirstToken: prefill.total,
    timePerOutputToken: decode.perToken,
    tokensPerSecond: wanted.batch / decode.perToken,
    latency: prefill.total + (wanted.outputTokens - 1) * decode.perToken,
    footprint: footprint(full, wanted),
    largestBatch: largestBatch(full, wanted),
    prefill: prefill.last,
    decode: decode.middle,
  };
}

/** Prefills the batch, several prompts in a step while they fit in one, a long prompt in several steps. */
function prefillTime(
  full: CompleteDeployment,
  { promptTokens, batch }: Required<Request>,
): { total: Seconds; last: StepTime } {
  const { model, hardware, efficiency, prefillTokens } = full;
  const time = (sequences: number, newTokens: number, context: number) =>
    stepTime(
      operators(
        model,
        { phase: "prefill", batch: sequences, newTokens, context },
        operatorOptions(full),
      ),
      hardware,
      efficiency,
    );
  if (promptTokens <= prefillTokens) {
    const together = Math.min(batch, Math.floor(prefillTokens / promptTokens));
    const rest = batch % together;
    const last = time(together, promptTokens, 0);
    return {
      total: Math.floor(batch / together) * last.seconds +
        (rest ? time(rest, promptTokens, 0).seconds : 0),
      last,
    };
  }
  let total = 0, done = 0, last: StepTime;
  do {
    const newTokens = Math.min(prefillTokens, promptTokens - done);
    last = time(1, newTokens, done);
    total += last.seconds;
    done += newTokens;
  } while (done < promptTokens);
  return { total: batch * total, last };
}

/** The mean time of the decode steps: trapezoids between a few sampled lengths. */
function decodeTime(
  full: CompleteDeployment,
  { promptTokens, outputTokens, batch }: Required<Request>,
): { perToken: Seconds; middle: StepTime } {
  const { model, hardware, efficiency } = full;
  const at = (context: number) =>
    stepTime(
      operators(model, { phase: "decode", batch, newTokens: 1, context }, operatorOptions(full)),
      hardware,
      efficiency,
    );
  const steps = Math.max(outputTokens - 1, 1); // the first token comes from the prefill
  const places = Math.min(samples, steps);
  if (places === 1) {
    const only = at(promptTokens);
    return { perToken: only.seconds, middle: only };
  }
  const times = Array.from(
    { length: places },
    (_, index) => at(promptTokens + index * (steps - 1) / (places - 1)),
  );
  const ends = (times[0]!.seconds + times.at(-1)!.seconds) / 2;
  const inner = times.slice(1, -1).reduce((sum, { seconds }) => sum + seconds, 0);
  return { perToken: (ends + inner) / (places - 1), middle: times[Math.floor(places / 2)]! };
}
