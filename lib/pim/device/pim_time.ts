import type { PimDevice } from "../../catalog/mod.ts";
import { peakRate } from "../../roofline/mod.ts";
import type { Operator } from "../../transformer/mod.ts";
import { type Bytes, requireAtLeast, type Seconds } from "../../units/mod.ts";
import { rowEfficiency } from "./row_efficiency.ts";

/** How an operator is laid into a memory that computes. */
export interface PimLayout {
  /** Bytes used of each row that is opened. Default: the whole row. */
  readonly rowBytes?: Bytes;
  /**
   * How often inputs and results cross the link: an input that every channel needs is sent to each, unless the link
   * multicasts, and partial sums come back from each. Default 1.
   */
  readonly copies?: number;
}

/** The time of one operator in memory, and what it is spent on. */
export interface PimTime {
  readonly operator: Operator;
  readonly seconds: Seconds;
  /** What most of it is spent on. */
  readonly bound: "memory" | "compute" | "transfer" | "command";
  /** Reading weights and caches inside, with the opening of rows. */
  readonly memory: Seconds;
  readonly compute: Seconds;
  /** Inputs on their way in and results on their way out. */
  readonly transfer: Seconds;
  /** Starting it, once in each layer. */
  readonly command: Seconds;
}

/**
 * How long does an operator take in memory? Weights and caches stay where they are and are read at the internal
 * bandwidth; only activations cross the link. The inputs must be there before the units start and the results leave
 * after they end, so these parts add up: start + max(reading, arithmetic) + transfer.
 *
 * Arithmetic is what is scarce here. A unit in a bank does one operation for each byte that it reads, so anything with
 * more operations for each byte waits for it.
 *
 * @throws {RangeError} when the device has no units for the format, or no link to the host.
 * @example Attention of Llama-2-7B over 2,048 tokens waits for memory; with 8 queries on each key it would wait for units
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel, findPim } from "@fewer-bytes/catalog";
 * import { operators } from "@fewer-bytes/transformer";
 * import { pimTime } from "@fewer-bytes/pim";
 *
 * const bound = (name: string) => {
 *   const step = { phase: "decode", batch: 1, newTokens: 1, context: 2047 } as const;
 *   const attention = operators(findModel(name), step).find((row) => row.name === "attention")!;
 *   return pimTime(attention, findPim("attacc-bank")).bound;
 * };
 * assertEquals(bound("llama-2-7b"), "memory");
 * assertEquals(bound("llama-3.1-70b"), "compute");
 * ```
 */
export function pimTime(operator: Operator, device: PimDevice, layout: PimLayout = {}): PimTime {
  const { copies = 1, rowBytes } = layout;
  requireAtLeast(copies, 1, "time an operator in memory", "copies");
  const link = device.links[0];
  if (!link) {
    throw new RangeError(
      `Cannot time ${operator.name} in memory as ${device.id} must have a link to the host: it has none`,
    );
  }
  const { weights, cache, activations } = operator.bytes;
  const memory = (weights + cache) /
    (device.memory[0].bandwidth * rowEfficiency(device, rowBytes));
  const compute = operator.flops === 0 ? 0 : operator.flops / peakRate(device, operator.precision);
  const transfer = (activations * copies + operator.transfer) / link.bandwidth;
  const command = device.pim.command * operator.layers;
  const inside = Math.max(memory, compute);
  const largest = Math.max(inside, transfer, command);
  return {
    operator,
    seconds: command + inside + transfer,
    bound: largest === inside
      ? compute > memory ? "compute" : "memory"
      : largest === transfer
      ? "transfer"
      : "command",
    memory,
    compute,
    transfer,
    command,
  };
}
