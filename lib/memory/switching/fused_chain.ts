import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/** A chain of operators, apart and in one. */
export interface FusedChain {
  readonly unfused: Seconds;
  readonly fused: Seconds;
  readonly speedup: number;
  /** What moves to and from memory. */
  readonly traffic: { readonly unfused: Bytes; readonly fused: Bytes };
}

/** What the chain runs on. */
export interface ChainMachine {
  readonly bandwidth: BytesPerSecond;
  /** Seconds to start one kernel. Default 0. */
  readonly launch?: Seconds;
}

/**
 * What does fusion save? Of a chain of k operators each reads what the one before wrote: 2k passes over the tensor, k
 * launches. In one kernel, what is between stays on the chip: two passes, one launch. Weights are read once either way.
 *
 * So the speedup is at most k, reached where tensors or launches are all that counts; with weights it is
 * (weights + 2k tensors) / (weights + 2 tensors), and close to 1 where weights are most of the bytes, as in a small batch.
 *
 * @param operators In the chain.
 * @param tensor Bytes between two of them.
 * @param weights Bytes of weights that the whole chain reads. Default 0.
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { fusedChain } from "@fewer-bytes/memory";
 *
 * assertAlmostEquals(fusedChain(5, 1e6, { bandwidth: 1e12 }).speedup, 5, 1e-9);
 * assertAlmostEquals(fusedChain(13, 16e3, { bandwidth: 2e12, launch: 5e-6 }).speedup, 13, 0.1); // launches
 * assertAlmostEquals(fusedChain(5, 1e6, { bandwidth: 1e12 }, 100e6).speedup, 1.08, 0.01);
 * ```
 */
export function fusedChain(
  operators: number,
  tensor: Bytes,
  { bandwidth, launch = 0 }: ChainMachine,
  weights: Bytes = 0,
): FusedChain {
  requireInteger(operators, 1, "fuse a chain", "the number of operators");
  requirePositive(tensor, "fuse a chain", "the bytes between two operators");
  requirePositive(bandwidth, "fuse a chain", "the bandwidth");
  requireAtLeast(launch, 0, "fuse a chain", "the launch");
  requireAtLeast(weights, 0, "fuse a chain", "the weights");
  const traffic = { unfused: weights + 2 * operators * tensor, fused: weights + 2 * tensor };
  const unfused = traffic.unfused / bandwidth + operators * launch;
  const fused = traffic.fused / bandwidth + launch;
  return { unfused, fused, speedup: unfused / fused, traffic };
}
