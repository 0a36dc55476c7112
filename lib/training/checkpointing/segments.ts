import { formula } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { type Operation, requireChain, type Stage } from "./chain.ts";

/** The memory of a chain in segments, as it is printed and computed. */
export const segmentMemoryFormula = formula("memory = k * input + n / k * tape", {
  memory: "kept at most",
  k: "segments",
  n: "stages",
  input: "bytes of what goes into a stage",
  tape: "bytes that the backward pass of a stage needs",
});

/**
 * A chain in segments: each keeps what goes into it, and is computed again with everything when the backward pass
 * arrives. With √n segments of √n stages memory is 2√n and not n, for not quite one more forward pass.
 *
 * Source: Chen et al., "Training Deep Nets with Sublinear Memory Cost" (2016).
 *
 * @param segments How many, as equal as can be. Default √n, rounded.
 * @returns The operations, for {@linkcode replay}.
 * @throws {RangeError} when there are more segments than stages.
 * @example A hundred layers in the memory of twenty
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { replay, segmentSchedule, uniformChain } from "@fewer-bytes/training";
 *
 * const chain = uniformChain(100);
 * const { peak, forwards } = replay(chain, segmentSchedule(chain));
 * assertEquals(peak, 19);
 * assertEquals(forwards.reduce((sum, times) => sum + times), 190); // the last segment is not computed twice
 * ```
 */
export function segmentSchedule(
  chain: readonly Stage[],
  segments: number = Math.round(Math.sqrt(chain.length)),
): Operation[] {
  requireChain(chain, "cut a chain");
  requireInteger(segments, 1, "cut a chain", "the segments");
  const { length } = chain;
  if (segments > length) {
    throw new RangeError(
      `Cannot cut a chain as segments must be <= ${length}: current value is ${segments}`,
    );
  }
  const border = (segment: number) => Math.round(segment * length / segments);
  const operations: Operation[] = [];
  for (let stage = 0; stage < border(segments - 1); stage++) {
    operations.push({ do: "forward", stage });
    const starts = Array.from({ length: segments }, (_, segment) => border(segment));
    if (starts.includes(stage + 1)) operations.push({ do: "keep", stage: stage + 1 });
  }
  for (let segment = segments - 1; segment >= 0; segment--) {
    const [from, to] = [border(segment), border(segment + 1)];
    for (let stage = from; stage < to; stage++) operations.push({ do: "tape", stage });
    for (let stage = to - 1; stage >= from; stage--) operations.push({ do: "backward", stage });
  }
  return operations;
}

/**
 * Into how many segments should a chain of equal stages be cut? Where k inputs and n/k tapes take the same memory: √n when
 * both are of one size, and √(n · tape / input) otherwise. A transformer layer's tape is 17 times its input, so that a
 * segment of one or two layers is best, and "one checkpoint a layer" is nearly the optimum that it looks like.
 *
 * @throws {RangeError} when the chain has no stage.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bestSegments, uniformChain } from "@fewer-bytes/training";
 *
 * assertEquals(bestSegments(uniformChain(100)), 10);
 * assertEquals(bestSegments(uniformChain(96, { forward: 1, backward: 2, input: 2, tape: 34 })), 40);
 * ```
 */
export function bestSegments(chain: readonly Stage[]): number {
  requireChain(chain, "cut a chain");
  const { input, tape = 0 } = chain[0]!;
  if (input === 0) return chain.length;
  const best = Math.sqrt(chain.length * tape / input);
  return Math.min(chain.length, Math.max(1, Math.round(best)));
}
