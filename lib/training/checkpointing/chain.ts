import { type Bytes, requireAtLeast, type Seconds } from "../../units/mod.ts";

/** One stage of a chain that is computed forward and then differentiated backward: a layer, a block, a time step. */
export interface Stage {
  readonly forward: Seconds;
  readonly backward: Seconds;
  /** To keep what goes into the stage. */
  readonly input: Bytes;
  /**
   * To keep all that its backward pass needs besides its input, its output included; the input must be kept as long, as
   * frameworks do. Absent: everything, the input too, is made right before it is used, in working memory that is not
   * counted, and only for one stage at a time.
   */
  readonly tape?: Bytes;
}

/** What is done to one stage of a chain. */
export interface Operation {
  /**
   * - "keep": what goes into the stage stays in memory; it must be at hand.
   * - "forward": the stage is computed and leaves nothing but its output.
   * - "tape": the stage is computed and all that its backward pass needs stays.
   * - "backward": the stage is differentiated; its tape and its input are forgotten.
   */
  readonly do: "keep" | "forward" | "tape" | "backward";
  /** From 0. */
  readonly stage: number;
}

/** Refuses a chain without stages, or with times and sizes that are none. */
export function requireChain(chain: readonly Stage[], action: string): void {
  if (chain.length === 0) {
    throw new RangeError(`Cannot ${action} as the chain must have a stage: it has none`);
  }
  chain.forEach(({ forward, backward, input, tape = 0 }, index) => {
    for (const [name, value] of Object.entries({ forward, backward, input, tape })) {
      requireAtLeast(value, 0, action, `${name} of stage ${index}`);
    }
  });
}

/**
 * A chain of equal stages.
 *
 * @example Ten stages that take one unit of everything
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { uniformChain } from "@fewer-bytes/training";
 *
 * assertEquals(uniformChain(10).length, 10);
 * ```
 */
export function uniformChain(
  length: number,
  stage: Stage = { forward: 1, backward: 1, input: 1, tape: 1 },
): Stage[] {
  const chain = Array.from({ length }, () => stage);
  requireChain(chain, "make a chain");
  return chain;
}
