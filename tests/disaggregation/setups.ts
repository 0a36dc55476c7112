/** Servers and traffic that several tests share. */
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { fixedLengths, makeRequests, poissonArrivals, StepCost } from "@fewer-bytes/serving";

export const hardware = findHardware("nvidia-h100-sxm");

/** Llama-3.1-8B on one H100. */
export const llama = new StepCost({ model: findModel("llama-3.1-8b"), hardware });

/** Requests that are all alike. */
export function alike(count: number, rate: number, prompt: number, output: number) {
  return makeRequests({
    count,
    arrivals: poissonArrivals(rate),
    prompt: fixedLengths(prompt),
    output: fixedLengths(output),
  });
}
