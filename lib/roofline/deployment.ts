import { type Attention, bytesPerValue, type Hardware, type Model } from "../catalog/mod.ts";
import {
  cacheBytes,
  type CacheMethod,
  type Formats,
  halfPrecision,
  type Operator,
  type OperatorOptions,
  operators,
  parameters,
  type Reads,
  type Step,
} from "../transformer/mod.ts";
import { type Bytes, requireInteger, requirePositive, type Tokens } from "../units/mod.ts";
import { type Efficiency, ideal } from "./time.ts";

/** A model on hardware. */
export interface Deployment {
  readonly model: Model;
  readonly hardware: Hardware;
  /** Devices that split every layer among them. Default 1. */
  readonly devices?: number;
  /** Default: 16 bits for everything. */
  readonly formats?: Formats;
  /** Gives each layer another attention, for a model that would be trained so. Default: the model's own. */
  readonly attention?: ((attention: Attention) => Attention) | undefined;
  /** What becomes of keys and values after they were written, such as KIVI. Default: they stay as they are. */
  readonly cache?: CacheMethod | undefined;
  /** Which of the cached tokens attention reads, such as MoBA. Default: all. */
  readonly reads?: Reads | undefined;
  /** The share of memory that may be filled; the rest is left to the driver and the runtime. Default 0.9. */
  readonly memoryShare?: number;
  /** Tokens of prompts that are computed in one step at most. Default 8192. */
  readonly prefillTokens?: Tokens;
  /** The share of each peak that is reached. Default: all of it, which gives a bound and not a forecast. */
  readonly efficiency?: Efficiency;
}

/** Sequences served together: the same prompt and answer length for each. */
export interface Request {
  readonly promptTokens: Tokens;
  readonly outputTokens: Tokens;
  /** Default 1. */
  readonly batch?: number;
}

/** What must fit in the memory of one device. */
export interface Footprint {
  readonly weights: Bytes;
  readonly cache: Bytes;
  /** The largest set of activations alive at once. */
  readonly activations: Bytes;
  readonly total: Bytes;
  /** What may be filled. */
  readonly capacity: Bytes;
  readonly fits: boolean;
}

/** A deployment with its defaults filled in: its model has the attention that was asked for. */
export type CompleteDeployment =
  & Required<Omit<Deployment, "attention" | "cache" | "reads">>
  & Pick<Deployment, "cache" | "reads">;

/** A deployment with its defaults filled in and its values checked. */
export function complete(deployment: Deployment): CompleteDeployment {
  const {
    model,
    attention,
    devices = 1,
    formats = halfPrecision,
    memoryShare = 0.9,
    prefillTokens = 8192,
    efficiency = ideal,
  } = deployment;
  requireInteger(devices, 1, "estimate", "devices");
  requireInteger(prefillTokens, 1, "estimate", "prefillTokens");
  for (const [name, share] of Object.entries({ memoryShare, ...efficiency })) {
    requirePositive(share, "estimate", name);
    if (share > 1) {
      throw new RangeError(`Cannot estimate as ${name} must be <= 1: current value is ${share}`);
    }
  }
  const { hardware, cache, reads } = deployment;
  return {
    model: attention ? withAttention(model, attention) : model,
    hardware,
    devices,
    formats,
    memoryShare,
    prefillTokens,
    efficiency,
    cache,
    reads,
  };
}

/** The same model with another attention in each layer. */
function withAttention(model: Model, change: (attention: Attention) => Attention): Model {
  const layers = model.layers.map((layer) => ({ ...layer, attention: change(layer.attention) }));
  return { ...model, layers };
}

/** How the operators of a deployment are carried out. */
export function operatorOptions(
  { formats, devices, cache, reads }: CompleteDeployment,
): OperatorOptions {
  return { formats, devices, cache, reads };
}

/** A request with its defaults filled in and its values checked. */
export function completeRequest(request: Request): Required<Request> {
  const { promptTokens, outputTokens, batch = 1 } = request;
  requireInteger(promptTokens, 1, "estimate", "promptTokens");
  requireInteger(outputTokens, 1, "estimate", "outputTokens");
  requireInteger(batch, 1, "estimate", "batch");
  return { promptTokens, outputTokens, batch };
}

/**
 * What must fit on each device? Weights once, the cache of every sequence at its full length, and the activations of
 * the largest step. This is the footprint; what moves in a step is another sum.
 */
export function footprint(deployment: Deployment, request: Request): Footprint {
  const full = complete(deployment);
  const { promptTokens, outputTokens, batch } = completeRequest(request);
  const { model, hardware, devices, formats, memoryShare } = full;
  const weights = weightBytes(model, formats, devices);
  const cache = batch *
    cacheBytes(model, promptTokens + outputTokens, {
      storage: formats.cache,
      devices,
      method: full.cache,
      reads: full.reads,
    });
  const activations = Math.max(
    workingSet(full, prefillStep(full, promptTokens, batch)),
    workingSet(full, {
      phase: "decode",
      batch,
      newTokens: 1,
      context: promptTokens + outputTokens - 1,
    }),
  );
  const total = weights + cache + activations;
  const capacity = memoryShare * hardware.memory[0].capacity;
  return { weights, cache, activations, total, capacity, fits: total <= capacity };
}

/** The weights on one device: matrices are split among the devices, norms and biases too small to matter. */
export function weightBytes(model: Model, formats: Formats = halfPrecision, devices = 1): Bytes {
  const { total } = parameters(model);
  return total * bytesPerValue(formats.weights) / devices;
}

/**
 * How many sequences of this length fit at once?
 *
 * @returns A whole number; 0 when not even one fits.
 */
export function largestBatch(deployment: Deployment, request: Omit<Request, "batch">): number {
  const fits = (batch: number) => footprint(deployment, { ...request, batch }).fits;
  if (!fits(1)) return 0;
  let low = 1, high = 2;
  while (high < 2 ** 31 && fits(high)) [low, high] = [high, 2 * high];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The largest prefill step: whole prompts while several fit in one, a part of a prompt when it is longer than a step. */
export function prefillStep(
  { prefillTokens }: CompleteDeployment,
  promptTokens: Tokens,
  batch: number,
): Step {
  const newTokens = Math.min(promptTokens, prefillTokens);
  const together = Math.min(batch, Math.max(1, Math.floor(prefillTokens / promptTokens)));
  return { phase: "prefill", batch: together, newTokens, context: promptTokens - newTokens };
}

/** The activations of a step that are alive at once: the hidden state, and what the largest operator reads and writes. */
function workingSet(full: CompleteDeployment, step: Step): Bytes {
  const { model, formats } = full;
  const table = operators(model, step, operatorOptions(full));
  const largest = table.reduce(
    (most: number, row: Operator) => Math.max(most, row.bytes.activations / row.layers),
    0,
  );
  return largest +
    step.batch * step.newTokens * model.hiddenSize * bytesPerValue(formats.activations);
}
