import {
  bytesPerValue,
  type Hardware,
  layerCount,
  type Link,
  type Model,
} from "../../catalog/mod.ts";
import { type Efficiency, ideal, stepTime } from "../../roofline/mod.ts";
import { type Formats, halfPrecision, operators } from "../../transformer/mod.ts";
import {
  requireAtLeast,
  requireInteger,
  type Seconds,
  type Tokens,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { ringAllReduce } from "../group/ring_all_reduce.ts";
import { copies, isFeedForward, shareOf } from "./split_layers.ts";

/** How devices are connected: closely in a machine, and by one network port each to other machines. */
export interface LayerNetwork {
  readonly inside: Link;
  readonly between: Link;
  /** Devices of a machine. Default 8. */
  readonly machine?: number;
  /** Seconds until the first byte arrives, or to start one message of a ring. Default 0. */
  readonly latency?: Seconds;
}

/** A whole model on devices that are all alike. */
export interface WholeLayers {
  readonly model: Model;
  readonly formats?: Formats;
  readonly hardware: Hardware;
  readonly devices: number;
  /**
   * "tensor": every operator is cut, and twice in a layer all devices add up their parts. "experts": each device computes
   * attention for its own sequences, the experts are spread, and tokens go to theirs and back.
   */
  readonly parallelism: "tensor" | "experts";
  /** Sequences on all devices together, and tokens that each has cached. */
  readonly batch: number;
  readonly context: Tokens;
  readonly network: LayerNetwork;
  readonly efficiency?: Efficiency;
}

/** What it gives. */
export interface WholeLayersResult {
  /** Of all sequences in one layer: what is computed, and what is sent, on each device. */
  readonly computation: Seconds;
  readonly communication: Seconds;
  readonly timePerOutputToken: Seconds;
  readonly tokensPerSecond: TokensPerSecond;
  readonly devices: number;
  readonly tokensPerSecondPerDevice: TokensPerSecond;
}

/**
 * How fast does a model decode, when attention and feed-forward share devices? What {@linkcode splitLayers} must be
 * compared with.
 *
 * Everything happens one after the other: while devices talk, nobody computes. The experts of one large group see as many
 * tokens as those of a split, and their weights are read once for all of them; so what a split can win over experts spread
 * evenly is the communication that it hides, and hardly anything else on the roofline. It wins more over groups that cut
 * every matrix, since these send each token to all.
 *
 * Across machines a ring passes all their ports at once; a token goes to each of its k experts, of whom most are elsewhere.
 *
 * @throws {RangeError} when a count is out of range, or there are fewer sequences than devices with attention of their own.
 * @example Beyond one machine, sending to experts beats adding up
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { findLink, wholeLayers } from "@fewer-bytes/disaggregation";
 *
 * const hardware = findHardware("nvidia-a100-sxm-80gb");
 * const network = { inside: findLink("NVLink", hardware), between: findLink("infiniband-hdr", hardware) };
 * const setup = { model: findModel("mixtral-8x22b"), hardware, devices: 16, batch: 2048, context: 600, network };
 * const [tensor, experts] = (["tensor", "experts"] as const).map((parallelism) => wholeLayers({ ...setup, parallelism }));
 * assert(experts!.communication < tensor!.communication);
 * ```
 */
export function wholeLayers(setup: WholeLayers): WholeLayersResult {
  const { model, formats = halfPrecision, hardware, devices, parallelism, batch, context } = setup;
  const { network, efficiency = ideal } = setup;
  const { inside, between, machine = 8, latency = 0 } = network;
  requireInteger(devices, 1, "time whole layers", "devices");
  requireInteger(batch, 1, "time whole layers", "batch");
  requireInteger(machine, 1, "time whole layers", "the devices of a machine");
  requireAtLeast(context, 0, "time whole layers", "context");
  requireAtLeast(latency, 0, "time whole layers", "the latency");
  const rows = (tokens: number, count: number) =>
    operators(model, { phase: "decode", batch: tokens, newTokens: 1, context }, {
      formats,
      devices: count,
    });
  const layers = layerCount(model);
  const hidden = model.hiddenSize * bytesPerValue(formats.activations);
  const seconds = (table: ReturnType<typeof rows>) =>
    stepTime(table, hardware, efficiency).seconds / layers;
  let computation: Seconds, communication: Seconds;
  if (parallelism === "tensor") {
    computation = seconds(rows(batch, devices).filter(({ name }) => name !== "all-reduce"));
    const bandwidth = devices <= machine
      ? inside.bandwidth
      : Math.min(inside.bandwidth, machine * between.bandwidth);
    communication = 2 * ringAllReduce(batch * hidden, {
      devices,
      bandwidth: bandwidth * efficiency.link,
      latency,
    });
  } else {
    requireInteger(Math.floor(batch / devices), 1, "time whole layers", "sequences of a device");
    const own = Math.ceil(batch / devices);
    computation = seconds(rows(own, 1).filter((row) => !isFeedForward(row))) +
      seconds(rows(batch, 1).filter(isFeedForward).map((row) => shareOf(row, devices)));
    const near = Math.min(devices, machine);
    const sent = own * hidden * copies(model) / devices;
    const slower = Math.max(
      sent * (near - 1) / inside.bandwidth,
      sent * (devices - near) / between.bandwidth,
    );
    communication = devices === 1 ? 0 : 2 * (latency + slower / efficiency.link);
  }
  const timePerOutputToken = layers * (computation + communication);
  const tokensPerSecond = batch / timePerOutputToken;
  return {
    computation,
    communication,
    timePerOutputToken,
    tokensPerSecond,
    devices,
    tokensPerSecondPerDevice: tokensPerSecond / devices,
  };
}
