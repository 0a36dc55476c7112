import { formula } from "../../numeric/mod.ts";
import {
  type BytesPerSecond,
  requireInteger,
  requirePositive,
  type Seconds,
  type Tokens,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { exchange, type ExchangeFormats } from "./exchange.ts";

/** The bound that the network sets, as it is printed and computed. */
export const exchangeBoundFormula = formula(
  "seconds = layers * batches * tokens * places * hidden * bytes / bandwidth",
  {
    seconds: "between two tokens of a sequence, when nothing but the network takes time",
    layers: "layers with experts",
    batches: "micro-batches that take turns: while one computes, the other is sent",
    tokens: "tokens of a micro-batch on one device",
    places: "copies that each token sends",
    hidden: "width of the hidden state",
    bytes: "bytes of a value on the way there and back together",
    bandwidth: "bytes per second of a device's link, in one direction",
  },
);

/** A mixture of experts over many devices. */
export interface ExchangeSetup extends ExchangeFormats {
  readonly hiddenSize: number;
  /** Layers with experts. */
  readonly layers: number;
  /** Copies that each token sends: its experts, and the shared one if that is elsewhere too. */
  readonly places: number;
  /** Tokens of one micro-batch on one device. */
  readonly tokens: Tokens;
  /** Default 2: while one computes, the other is sent. */
  readonly microBatches?: number;
  /** Of a device's link, in one direction. */
  readonly bandwidth: BytesPerSecond;
}

/** What the network allows. */
export interface ExchangeBound {
  /** Of one micro-batch in one layer, there and back. */
  readonly exchange: Seconds;
  readonly timePerOutputToken: Seconds;
  /** Of one sequence. */
  readonly tokensPerSecond: TokensPerSecond;
}

/**
 * How fast can a mixture over many devices answer, if arithmetic and memory took no time? In each layer both micro-batches are
 * sent, one after the other over the same link; all else hides behind it.
 *
 * A bound: latency, congestion and uneven loads come on top, and computation that is longer than its exchange does not hide.
 * More tokens on a device make each wait longer, and fewer leave experts with nothing to share their weights among.
 *
 * Source: Zhao et al., "Insights into DeepSeek-V3" (arXiv 2505.09343), section 2.3.2. It takes all 61 layers, of which 58 have
 * experts, and calls 7,168 wide 7,000.
 *
 * @throws {RangeError} when a value is not above zero.
 * @example At 50 GB/s 14.76 ms for a token, 67 a second; at the 900 GB/s of NVL72 0.82 ms
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { exchangeBound } from "@fewer-bytes/experts";
 *
 * const setup = { hiddenSize: 7000, layers: 61, places: 9, tokens: 32 };
 * const slow = exchangeBound({ ...setup, bandwidth: 50e9 });
 * assertAlmostEquals(slow.exchange, 120.96e-6, 1e-12);
 * assertAlmostEquals(slow.timePerOutputToken, 14.76e-3, 5e-6);
 * assertAlmostEquals(exchangeBound({ ...setup, bandwidth: 900e9 }).timePerOutputToken, 0.82e-3, 5e-6);
 * ```
 */
export function exchangeBound(setup: ExchangeSetup): ExchangeBound {
  const { hiddenSize, layers, places, tokens, microBatches = 2, bandwidth } = setup;
  requireInteger(layers, 1, "bound an exchange", "the layers");
  requirePositive(tokens, "bound an exchange", "the tokens");
  requireInteger(microBatches, 1, "bound an exchange", "microBatches");
  requirePositive(bandwidth, "bound an exchange", "the bandwidth");
  const seconds = tokens * exchange(hiddenSize, places, setup).total / bandwidth;
  const timePerOutputToken = layers * microBatches * seconds;
  return { exchange: seconds, timePerOutputToken, tokensPerSecond: 1 / timePerOutputToken };
}
