import type { Bytes, Seconds } from "../../units/mod.ts";
import { type Operation, requireChain, type Stage } from "./chain.ts";

/** What a schedule cost. */
export interface Replay {
  readonly seconds: Seconds;
  /** The most that was kept at once: inputs and tapes. The first input was there before and is not counted. */
  readonly peak: Bytes;
  /** How often each stage was computed forward. */
  readonly forwards: readonly number[];
  /** What was kept after each operation, for a picture. */
  readonly kept: readonly Bytes[];
}

/**
 * What does a schedule of recomputation cost, and does it work at all? Plays it operation by operation: a stage can be
 * computed only when its input is at hand, differentiated only behind the stage that follows it, and each once.
 *
 * @param operations In order.
 * @throws {RangeError} naming the first operation that lacks what it needs.
 * @example Two stages, nothing kept between: the first is computed twice
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { replay, uniformChain } from "@fewer-bytes/training";
 *
 * const { seconds, peak, forwards } = replay(uniformChain(2), [
 *   { do: "forward", stage: 0 },
 *   { do: "keep", stage: 1 },
 *   { do: "tape", stage: 1 },
 *   { do: "backward", stage: 1 },
 *   { do: "tape", stage: 0 },
 *   { do: "backward", stage: 0 },
 * ]);
 * assertEquals([seconds, peak, forwards], [5, 2, [2, 1]]);
 * ```
 */
export function replay(chain: readonly Stage[], operations: readonly Operation[]): Replay {
  requireChain(chain, "replay a schedule");
  const inputs = new Set([0]), tapes = new Set<number>();
  const forwards = chain.map(() => 0), kept: Bytes[] = [];
  let current = 0, next = chain.length - 1, seconds = 0, memory = 0, peak = 0;
  const atHand = (stage: number) => current === stage || inputs.has(stage) || tapes.has(stage - 1);
  operations.forEach(({ do: action, stage }, index) => {
    const item = chain[stage];
    const refuse = (why: string): never => {
      throw new RangeError(
        `Cannot replay a schedule as ${why}: operation ${index} is ${action} of stage ${stage}`,
      );
    };
    if (!item) return refuse(`stages must be from 0 to ${chain.length - 1}`);
    if (action === "backward") {
      if (stage !== next) refuse(`stage ${next} must be differentiated next`);
      if (!tapes.delete(stage)) refuse("the stage must have been computed with its tape");
      memory -= (item.tape ?? 0) + (stage > 0 && inputs.delete(stage) ? item.input : 0);
      if (current > stage) current = -1;
      seconds += item.backward;
      next--;
    } else if (!atHand(stage)) refuse("its input must be at hand");
    else if (action === "keep") {
      if (!inputs.has(stage)) memory += item.input;
      inputs.add(stage);
    } else {
      if (
        action === "tape" && item.tape !== undefined && !inputs.has(stage) && !tapes.has(stage - 1)
      ) {
        refuse("a tape must have its input kept");
      }
      forwards[stage]!++;
      seconds += item.forward;
      current = stage + 1;
      if (action === "tape" && !tapes.has(stage)) {
        if (
          item.tape === undefined && [...tapes].some((other) => chain[other]!.tape === undefined)
        ) {
          refuse("working memory holds one tape at a time");
        }
        tapes.add(stage);
        memory += item.tape ?? 0;
      }
    }
    peak = Math.max(peak, memory);
    kept.push(memory);
  });
  if (next >= 0) {
    throw new RangeError(`Cannot replay a schedule as it must end with stage 0: ${next} is left`);
  }
  return { seconds, peak, forwards, kept };
}
