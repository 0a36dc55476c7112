/** Servers and traffic that several tests share. */
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  fixedLengths,
  logNormalLengths,
  makeRequests,
  poissonArrivals,
  publicTraffic,
  type Requests,
  StepCost,
  StepTotals,
  type Workload,
} from "@fewer-bytes/serving";

/** Llama-3.1-8B on one H100. */
export const llama = new StepCost({
  model: findModel("llama-3.1-8b"),
  hardware: findHardware("nvidia-h100-sxm"),
});

/** A mixture of experts on the two H100 of the paper on layered prefill. */
export const qwen = new StepCost({
  model: findModel("qwen3-30b-a3b"),
  hardware: findHardware("nvidia-h100-sxm"),
  devices: 2,
});

/** Chat traffic. */
export function chat(count: number, rate: number, more: Partial<Workload> = {}): Requests {
  const { prompt, output } = publicTraffic.azureConversation;
  return makeRequests({
    count,
    arrivals: poissonArrivals(rate),
    prompt: logNormalLengths({ ...prompt, maximum: 8192 }),
    output: logNormalLengths({ ...output, maximum: 2048 }),
    ...more,
  });
}

/** Requests that are all alike. */
export function alike(count: number, rate: number, prompt: number, output: number): Requests {
  return makeRequests({
    count,
    arrivals: poissonArrivals(rate),
    prompt: fixedLengths(prompt),
    output: fixedLengths(output),
  });
}

/** Seconds of a prompt in a step of its own. */
export function prefillSeconds(cost: StepCost, tokens: number, context = 0): number {
  const load = cost.load();
  load.prefill(tokens, context, true);
  return cost.evaluate(load, new StepTotals()).seconds;
}

/** Seconds of one decode step of sequences that have so many tokens cached. */
export function decodeSeconds(cost: StepCost, ...contexts: number[]): number {
  const load = cost.load();
  for (const context of contexts) load.decode(context);
  return cost.evaluate(load, new StepTotals()).seconds;
}
