import type { Hardware, Link, Model } from "../../catalog/mod.ts";
import { bytesPerValue } from "../../catalog/mod.ts";
import { type Efficiency, ideal, stepTime } from "../../roofline/mod.ts";
import { type Formats, halfPrecision, type Operator, operators } from "../../transformer/mod.ts";
import {
  requireAtLeast,
  requireInteger,
  type Seconds,
  type Tokens,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { transferTime } from "../transfer/transfer_time.ts";
import { type LayerTimes, microBatchesFor, type PingPong, pingPong } from "./ping_pong.ts";

/** Attention on some devices, feed-forward on others. */
export interface LayerSplit {
  readonly model: Model;
  readonly formats?: Formats;
  /** Servers that each hold all attention weights and the caches of their own sequences, on a group of devices. */
  readonly attention: {
    readonly hardware: Hardware;
    readonly devices: number;
    readonly servers: number;
  };
  /** Devices that share the feed-forward networks evenly: experts, or slices of one. */
  readonly feedForward: { readonly hardware: Hardware; readonly devices: number };
  /** Sequences of each attention server, and tokens that each has cached. */
  readonly batch: number;
  readonly context: Tokens;
  /** Pieces that the batch is cut into. Default 4, which hides a way that takes as long as a side. */
  readonly microBatches?: number;
  /** One for each device, both ways at once. */
  readonly link: Link;
  /** Seconds until the first byte arrives. Default 0. */
  readonly latency?: Seconds;
  readonly efficiency?: Efficiency;
}

/** What a split gives. */
export interface SplitLayersResult {
  /** Of one micro-batch in one layer. */
  readonly times: LayerTimes;
  /** Micro-batches that the way between the sides would need to be hidden, for those times. */
  readonly microBatchesNeeded: number;
  readonly pingPong: PingPong;
  readonly timePerOutputToken: Seconds;
  readonly tokensPerSecond: TokensPerSecond;
  readonly devices: number;
  readonly tokensPerSecondPerDevice: TokensPerSecond;
}

const feedForwardNames = [
  "feed-forward up",
  "feed-forward down",
  "activation function",
  "router",
  "experts",
  "shared experts",
];

/** Whether a row of the operator table belongs to the feed-forward side. */
export function isFeedForward({ name }: Pick<Operator, "name">): boolean {
  return feedForwardNames.includes(name);
}

/**
 * How fast does a model decode, when attention and feed-forward have devices of their own?
 *
 * Attention reads each sequence's own cache, so a larger batch does not make it more efficient; feed-forward reads the
 * same weights for all, so it does. Apart, many attention servers can fill one feed-forward group: with experts, of whom
 * each sees only a share k / E of the tokens, that is what lifts them from the memory's side of the roofline to the
 * other.
 *
 * Attention rows, norms, embedding and head are timed on the attention side; feed-forward rows are timed for all tokens
 * of a micro-batch and divided evenly among its devices, which is the best that expert parallelism can do. A token's
 * hidden state goes once to each of its k experts and back; the way takes the longer of sending and receiving
 * (MegaScale-Infer, equation 6). Memory is not checked.
 *
 * @throws {RangeError} when a count is out of range, or micro-batches are more than sequences.
 * @example Eight attention servers keep the experts of Mixtral-8x22B busier than one
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { networks, splitLayers } from "@fewer-bytes/disaggregation";
 *
 * const hardware = findHardware("nvidia-a100-sxm-80gb");
 * const split = (servers: number) =>
 *   splitLayers({
 *     model: findModel("mixtral-8x22b"),
 *     attention: { hardware, devices: 1, servers },
 *     feedForward: { hardware, devices: 8 },
 *     batch: 128,
 *     context: 600,
 *     microBatches: 3,
 *     link: networks["infiniband-hdr"],
 *   });
 * assert(split(8).tokensPerSecondPerDevice > 2 * split(1).tokensPerSecondPerDevice);
 * ```
 */
export function splitLayers(setup: LayerSplit): SplitLayersResult {
  const { model, formats = halfPrecision, attention, feedForward, batch, context, link } = setup;
  const { microBatches = 4, latency = 0, efficiency = ideal } = setup;
  requireInteger(attention.servers, 1, "split layers", "the number of attention servers");
  requireInteger(feedForward.devices, 1, "split layers", "the number of feed-forward devices");
  requireInteger(batch, 1, "split layers", "batch");
  requireInteger(microBatches, 1, "split layers", "microBatches");
  requireAtLeast(context, 0, "split layers", "context");
  if (microBatches > batch) {
    throw new RangeError(
      `Cannot split layers as microBatches must be <= the batch, ${batch}: current value is ${microBatches}`,
    );
  }
  const own = Math.ceil(batch / microBatches);
  const layers = model.layers.reduce((sum, { count }) => sum + count, 0);
  const rows = (tokens: number, devices: number) =>
    operators(model, { phase: "decode", batch: tokens, newTokens: 1, context }, {
      formats,
      devices,
    });
  const attentionRows = rows(own, attention.devices)
    .filter((row) => !isFeedForward(row))
    .map((row) => row.name === "all-reduce" ? { ...row, transfer: row.transfer / 2 } : row);
  const feedForwardRows = rows(own * attention.servers, 1)
    .filter(isFeedForward).map((row) => shareOf(row, feedForward.devices));
  const hidden = model.hiddenSize * bytesPerValue(formats.activations) * copies(model);
  const sent = own * hidden / attention.devices;
  const received = own * attention.servers * hidden / feedForward.devices;
  const times = {
    attention: stepTime(attentionRows, attention.hardware, efficiency).seconds / layers,
    feedForward: stepTime(feedForwardRows, feedForward.hardware, efficiency).seconds / layers,
    transfer: transferTime(Math.max(sent, received), {
      link,
      latency,
      efficiency: efficiency.link,
    }),
  };
  const played = pingPong(times, microBatches, layers);
  const devices = attention.devices * attention.servers + feedForward.devices;
  const tokensPerSecond = batch * attention.servers / played.seconds;
  return {
    times,
    microBatchesNeeded: microBatchesFor(times),
    pingPong: played,
    timePerOutputToken: played.seconds,
    tokensPerSecond,
    devices,
    tokensPerSecondPerDevice: tokensPerSecond / devices,
  };
}

/** What one of several devices does of a row that is shared evenly. */
export function shareOf(row: Operator, devices: number): Operator {
  const { weights, cache, activations } = row.bytes;
  return {
    ...row,
    flops: row.flops / devices,
    bytes: {
      weights: weights / devices,
      cache: cache / devices,
      activations: activations / devices,
    },
  };
}

/** To how many places a token's hidden state goes: its experts, on average over layers; one without experts. */
export function copies({ layers }: Model): number {
  let sum = 0, all = 0;
  for (const { count, feedForward } of layers) {
    sum += count * (feedForward.kind === "experts" ? feedForward.expertsPerToken : 1);
    all += count;
  }
  return sum / all;
}
