/** The fastest schedule of all, found by trying: for tests. */
import type { Stage } from "@fewer-bytes/training";

/**
 * Dijkstra's search over everything that memory can hold: which inputs, which tapes, where the computation stands, what is
 * still to be reversed. Anything may be dropped at any time for nothing, but an input that a tape holds on to. For chains
 * of a few stages.
 */
export function bestSeconds(chain: readonly Stage[], budget: number): number {
  const { length } = chain;
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
