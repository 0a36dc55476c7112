import { type Bytes, requireAtLeast, type Seconds } from "../../units/mod.ts";
import { requireChain, type Stage } from "./chain.ts";

/** Beyond this there are too many states of memory. */
const longest = 8;

/**
 * The fastest schedule of all, found by trying: a search over everything that memory can hold, which inputs, which tapes,
 * where the computation stands, what is still to be reversed. Anything may be dropped at any time for nothing, but an
 * input that a tape holds on to. It knows no theorem, and so it is what {@linkcode optimalSchedule} is held against.
 *
 * With unequal sizes it may drop something early and be faster: that is Checkmate's problem (Jain et al., 2020), which
 * takes an integer program for longer chains and for graphs.
 *
 * @returns Its seconds; Infinity when the memory is too small for any.
 * @throws {RangeError} when the chain has more than eight stages, or the budget is none.
 * @example Equal sizes: nothing beats the schedule that dynamic programming finds
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fastestOfAll, optimalSchedule, uniformChain } from "@fewer-bytes/training";
 *
 * const chain = uniformChain(5);
 * for (const budget of [1, 2, 3, 4, 5]) {
 *   assertEquals(fastestOfAll(chain, budget), optimalSchedule(chain, budget)?.seconds ?? Infinity);
 * }
 * ```
 */
export function fastestOfAll(chain: readonly Stage[], budget: Bytes): Seconds {
  requireChain(chain, "try every schedule");
  requireAtLeast(budget, 0, "try every schedule", "the budget");
  const { length } = chain;
  if (length > longest) {
    throw new RangeError(
      `Cannot try every schedule as a chain must have <= ${longest} stages: current value is ${length}`,
    );
  }
  type State = { inputs: number; tapes: number; current: number; left: number };
  const key = ({ inputs, tapes, current, left }: State) =>
    ((inputs * (1 << length) + tapes) * (length + 2) + current + 1) * (length + 1) + left;
  const size = ({ inputs, tapes }: State) =>
    chain.reduce(
      (sum, { input, tape = 0 }, stage) =>
        sum + (stage > 0 && inputs >> stage & 1 ? input : 0) + (tapes >> stage & 1 ? tape : 0),
      0,
    );
  const start: State = { inputs: 1, tapes: 0, current: 0, left: length };
  const seconds = new Map([[key(start), 0]]), open = new Map([[key(start), start]]);
  while (open.size > 0) {
    let chosen = -1, least = Infinity;
    for (const name of open.keys()) {
      if (seconds.get(name)! < least) [chosen, least] = [name, seconds.get(name)!];
    }
    const state = open.get(chosen)!;
    open.delete(chosen);
    if (state.left === 0) return least;
    const { inputs, tapes, current, left } = state;
    const reach = (next: State, more: number) => {
      const name = key(next);
      if (size(next) > budget || least + more >= (seconds.get(name) ?? Infinity)) return;
      seconds.set(name, least + more);
      open.set(name, next);
    };
    for (let stage = 0; stage < length; stage++) {
      const bit = 1 << stage, item = chain[stage]!;
      const held = tapes & bit && item.tape !== undefined;
      const below = stage > 0 && tapes >> (stage - 1) & 1;
      if (stage > 0 && inputs & bit && !(held && !below)) {
        reach({ ...state, inputs: inputs & ~bit }, 0);
      }
      if (tapes & bit) {
        const above = stage + 1 < length && tapes >> (stage + 1) & 1 &&
          !(inputs >> (stage + 1) & 1);
        if (!above || chain[stage + 1]!.tape === undefined) {
          reach({ ...state, tapes: tapes & ~bit }, 0);
        }
        if (left === stage + 1) {
          const next = { inputs: inputs & ~bit | 1, tapes: tapes & ~bit, left: stage };
          reach({ ...next, current: current > stage ? -1 : current }, item.backward);
        }
      }
      const atHand = current === stage || inputs & bit || below;
      if (!atHand || stage >= left) continue;
      reach({ ...state, inputs: inputs | bit }, 0);
      reach({ ...state, current: stage + 1 }, item.forward);
      const may = item.tape === undefined ? tapes === 0 : stage === 0 || inputs & bit || below;
      if (may) reach({ ...state, tapes: tapes | bit, current: stage + 1 }, item.forward);
    }
  }
  return Infinity;
}
