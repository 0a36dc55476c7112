import { bytesPerValue, layerCount, type Model, type PimDevice } from "../../catalog/mod.ts";
import {
  cacheBytes,
  type Formats,
  halfPrecision,
  type Operator,
  operators,
} from "../../transformer/mod.ts";
import { weightBytes } from "../../roofline/mod.ts";
import {
  type Bytes,
  requireInteger,
  type Seconds,
  type Tokens,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { pimTime } from "../device/pim_time.ts";

/** A model on memories alone, without a processor. */
export interface PipelineSetup {
  readonly model: Model;
  readonly device: PimDevice;
  readonly devices: number;
  readonly context: Tokens;
  /** Default: 16 bits for everything. */
  readonly formats?: Formats;
  /** Parts of a device that layers do not share; a layer gets whole ones. Default 1: any share. */
  readonly channels?: number;
}

/** What it gives. */
export interface LayerPipeline {
  readonly layersPerDevice: number;
  readonly devicesUsed: number;
  /** From one layer to the next. */
  readonly stage: Seconds;
  /** From one token of a sequence to its next. */
  readonly timePerOutputToken: Seconds;
  /** Sequences on their way, one in each layer: what keeps all layers busy. */
  readonly sequences: number;
  readonly tokensPerSecond: TokensPerSecond;
  /** Weights and caches on the fullest device. */
  readonly footprint: Bytes;
  readonly fits: boolean;
}

/**
 * How fast does a model decode on memories that compute, each holding some layers? Sequences move from layer to layer, one
 * behind the other, so that each layer works on one sequence at a time: at batch 1, as units in banks like it. One
 * sequence alone would leave all layers but one idle.
 *
 * It is CENT's pipeline (ASPLOS 2025): the 80 layers of Llama-2-70B on 32 devices of 32 channels are three to a device,
 * ten channels each. Norms and the like are taken to be free, next to the controllers; the hidden state goes over the
 * switch once a layer. What comes out is a bound: the authors' simulator reaches half to two thirds of it.
 *
 * @throws {RangeError} when a count is out of range, or more layers come on a device than it has channels.
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { findModel, findPim } from "@fewer-bytes/catalog";
 * import { layerPipeline } from "@fewer-bytes/pim";
 *
 * const cent = layerPipeline({
 *   model: findModel("llama-2-70b"), device: findPim("cent-device"), devices: 32, context: 2304, channels: 32,
 * });
 * assertEquals([cent.layersPerDevice, cent.devicesUsed, cent.sequences], [3, 27, 80]);
 * assert(cent.fits && 1151 / cent.tokensPerSecond > 0.6); // simulated: 1,151 tokens a second
 * ```
 */
export function layerPipeline(setup: PipelineSetup): LayerPipeline {
  const { model, device, devices, context, formats = halfPrecision, channels } = setup;
  requireInteger(devices, 1, "lay layers on devices", "devices");
  if (channels !== undefined) requireInteger(channels, 1, "lay layers on devices", "channels");
  const layers = layerCount(model);
  const layersPerDevice = Math.ceil(layers / devices);
  const share = channels === undefined
    ? 1 / layersPerDevice
    : Math.floor(channels / layersPerDevice) / channels;
  if (share === 0) {
    throw new RangeError(
      `Cannot lay layers on devices as each of ${layersPerDevice} layers needs a channel: current value is ${channels}`,
    );
  }
  const { head, rest } = insideSeconds(setup, formats);
  const hidden = model.hiddenSize * bytesPerValue(formats.activations);
  const hop = device.pim.command + hidden / device.links[0]!.bandwidth;
  const stage = rest / layers / share + hop;
  const footprint = layersPerDevice / layers *
    (weightBytes(model, formats) +
      layers * cacheBytes(model, context, { storage: formats.cache }));
  return {
    layersPerDevice,
    devicesUsed: Math.ceil(layers / layersPerDevice),
    stage,
    timePerOutputToken: layers * stage + head,
    sequences: layers,
    tokensPerSecond: 1 / stage,
    footprint,
    fits: footprint <= device.memory[0].capacity,
  };
}

/** Seconds of one sequence's head, and of all its layers, if each had a whole device. */
function insideSeconds(
  { model, device, context }: PipelineSetup,
  formats: Formats,
): { readonly head: Seconds; readonly rest: Seconds } {
  const quiet: PimDevice = { ...device, pim: { ...device.pim, command: 0 } };
  const seconds = (row: Operator) =>
    pimTime({ ...row, bytes: { ...row.bytes, activations: 0 } }, quiet).seconds;
  let head = 0, rest = 0;
  const step = { phase: "decode", batch: 1, newTokens: 1, context } as const;
  for (const row of operators(model, step, { formats })) {
    if (row.bytes.weights + row.bytes.cache === 0 || row.name === "embedding") continue;
    if (row.name === "head") head += seconds(row);
    else rest += seconds(row);
  }
  return { head, rest };
}
