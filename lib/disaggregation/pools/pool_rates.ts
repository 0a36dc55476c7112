import type { Requests, StepCost } from "../../serving/mod.ts";
import { checkRequests, StepTotals } from "../../serving/mod.ts";
import { requireInteger, requirePositive, type Seconds, type Tokens } from "../../units/mod.ts";
import { promptWork } from "./pool.ts";

/** What decoding is asked for by some traffic, on average. */
export interface DecodeWork {
  /** Decode steps of a request: its answer but for the first token. */
  readonly steps: number;
  /** Tokens that are cached in one of those steps, averaged over all steps of all requests: long answers count more. */
  readonly context: Tokens;
}

/**
 * How many steps does a request decode, and how much has it cached meanwhile?
 *
 * @example A prompt of 100 and an answer of 3: two steps, which find 100 and 101 tokens
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decodeWork } from "@fewer-bytes/disaggregation";
 * import { requests } from "@fewer-bytes/serving";
 *
 * const one = requests([{ arrival: 0, promptTokens: 100, outputTokens: 3 }]);
 * assertEquals(decodeWork(one), { steps: 2, context: 100.5 });
 * ```
 */
export function decodeWork(requests: Requests): DecodeWork {
  const { promptTokens, outputTokens } = checkRequests(requests);
  let steps = 0, contexts = 0;
  promptTokens.forEach((prompt, at) => {
    const own = outputTokens[at]! - 1;
    steps += own;
    contexts += own * (prompt + (own - 1) / 2);
  });
  return { steps: steps / promptTokens.length, context: steps > 0 ? contexts / steps : 0 };
}

/** Requests a second that one server of each pool can do, and how many servers that asks for. */
export interface PoolRates {
  /** Prompts one after the other, without a pause. */
  readonly prefill: number;
  /** Answers, with a full batch. */
  readonly decode: number;
  /** That batch, and how long its step takes. */
  readonly batch: number;
  readonly step: Seconds;
  /** Prefill servers for each decode server at which both are equally busy. */
  readonly ratio: number;
}

/** What bounds the batch of a decode server. */
export interface DecodeLimits {
  /** The longest step that is allowed. Default: any. */
  readonly timePerOutputToken?: Seconds;
  /** Tokens of cache that fit on one server. Default: any. */
  readonly cacheTokens?: Tokens;
  /** Default 256. */
  readonly batch?: number;
}

/**
 * How many prefill servers for one decode server? Each pool gives so many requests a second, and in a pipeline the slower
 * one decides: P · prefill = D · decode, so P : D = decode : prefill.
 *
 * A prefill server's rate is one over the mean time of a prompt. A decode server's is the batch over the time of an
 * answer: its steps, each as long as a step of the batch at the mean context. The batch is the largest that the objective
 * and the memory allow. Both are rates at full load, where queues have no end: plan for some 70 to 90 % of them.
 *
 * @throws {RangeError} when no batch meets the limits, or no request decodes.
 * @example Chat and code ask for different pools
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { poolRates } from "@fewer-bytes/disaggregation";
 * import { requests, StepCost } from "@fewer-bytes/serving";
 *
 * const cost = new StepCost({ model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") });
 * const limits = { timePerOutputToken: 0.02, cacheTokens: 400_000 };
 * const of = (promptTokens: number, outputTokens: number) =>
 *   poolRates(cost, cost, requests([{ arrival: 0, promptTokens, outputTokens }]), limits).ratio;
 * assert(of(4000, 20) > 10 && of(1000, 1000) < 1);
 * ```
 */
export function poolRates(
  prefill: StepCost,
  decode: StepCost,
  requests: Requests,
  limits: DecodeLimits = {},
): PoolRates {
  const work = decodeWork(requests);
  requirePositive(work.steps, "match rates", "the mean number of decode steps");
  const prompts = promptWork(prefill, requests);
  const rate = prompts.length / prompts.reduce((sum, seconds) => sum + seconds, 0);
  const batch = largestDecodeBatch(decode, work.context, limits);
  const step = decodeSeconds(decode, batch, work.context);
  const answers = batch / (work.steps * step);
  return { prefill: rate, decode: answers, batch, step, ratio: answers / rate };
}

/** The largest batch whose step is fast enough and whose caches fit. */
export function largestDecodeBatch(
  cost: StepCost,
  context: Tokens,
  limits: DecodeLimits = {},
): number {
  const { timePerOutputToken = Infinity, cacheTokens = Infinity, batch = 256 } = limits;
  requireInteger(batch, 1, "find the largest batch", "the batch");
  const fits = (count: number) =>
    count * (context + 1) <= cacheTokens &&
    decodeSeconds(cost, count, context) <= timePerOutputToken;
  if (!fits(1)) {
    throw new RangeError(
      `Cannot find a batch as one sequence must meet the limits: ${
        context + 1
      } tokens of ${cacheTokens}, ` +
        `${decodeSeconds(cost, 1, context)} s of ${timePerOutputToken} s`,
    );
  }
  let low = 1, high = batch + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Seconds of one step of so many sequences with so many tokens each. */
export function decodeSeconds(cost: StepCost, batch: number, context: Tokens): Seconds {
  const load = cost.load();
  for (let sequence = 0; sequence < batch; sequence++) load.decode(context);
  return cost.evaluate(load, new StepTotals()).seconds;
}
