import { type Bytes, requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";
import { type Operation, requireChain, type Stage } from "./chain.ts";

/** The best schedules of a chain for every memory up to a budget. */
export interface ChainTable {
  /** Units of memory in the budget. */
  readonly slots: number;
  /** The fastest schedule with so many units; Infinity when there is none. */
  seconds(slots: number): Seconds;
  operations(slots: number): Operation[];
}

/** "Keep the tape of the first stage at once"; other choices are the stage that is walked to. */
const tapeAtOnce = -1;

/**
 * Solves a chain for all memories at once: best[i, j, m] is the time to reverse stages i to j, when the input of i is there
 * and m units are free. Sizes are rounded up to units.
 */
export function solveChain(chain: readonly Stage[], budget: Bytes, unit: Bytes): ChainTable {
  requireChain(chain, "schedule a chain");
  requireAtLeast(budget, 0, "schedule a chain", "the budget");
  requirePositive(unit, "schedule a chain", "the unit");
  const { length } = chain, slots = Math.floor(budget / unit * (1 + 1e-12)), width = slots + 1;
  const units = (bytes: Bytes) => Math.ceil(bytes / unit * (1 - 1e-12));
  const inputs = chain.map(({ input }) => units(input));
  const tapes = chain.map(({ tape }) => tape === undefined ? undefined : units(tape));
  const upTo = [0];
  for (const { forward } of chain) upTo.push(upTo.at(-1)! + forward);
  const best = new Float64Array(length * length * width).fill(Infinity);
  const choice = new Int32Array(best.length);
  const at = (from: number, to: number) => (from * length + to) * width;

  for (let span = 0; span < length; span++) {
    for (let from = 0; from + span < length; from++) {
      const to = from + span, here = at(from, to), tape = tapes[from];
      const own = chain[from]!.forward + chain[from]!.backward;
      /** Takes a way to do it, for every memory of at least `least` units, where it is faster. */
      const offer = (least: number, what: number, seconds: (free: number) => Seconds) => {
        for (let free = least; free <= slots; free++) {
          const took = seconds(free);
          if (took < best[here + free]!) {
            best[here + free] = took;
            choice[here + free] = what;
          }
        }
      };
      if (span === 0) {
        offer(tape ?? 0, tapeAtOnce, () => own);
        continue;
      }
      if (tape !== undefined) {
        const rest = at(from + 1, to);
        offer(tape, tapeAtOnce, (free) => own + best[rest + free - tape]!);
      }
      for (let middle = from + 1; middle <= to; middle++) {
        const walk = upTo[middle]! - upTo[from]!, kept = inputs[middle]!;
        const later = at(middle, to), earlier = at(from, middle - 1);
        if (passes(middle, to)) {
          const last = walk + chain[to]!.forward + chain[to]!.backward;
          offer(0, middle, (free) => last + best[earlier + free]!);
        } else {
          offer(kept, middle, (free) => walk + best[later + free - kept]! + best[earlier + free]!);
        }
      }
    }
  }
  return { slots, seconds: (free) => best[at(0, length - 1) + free]!, operations };

  /** The last stage can be reversed in working memory as soon as it is reached. */
  function passes(middle: number, to: number): boolean {
    return middle === to && tapes[to] === undefined;
  }

  function operations(free: number): Operation[] {
    const list: Operation[] = [];
    const follow = (from: number, to: number, free: number): void => {
      const chosen = choice[at(from, to) + free]!;
      if (chosen === tapeAtOnce) {
        list.push({ do: "tape", stage: from });
        if (from < to) follow(from + 1, to, free - tapes[from]!);
        list.push({ do: "backward", stage: from });
        return;
      }
      for (let stage = from; stage < chosen; stage++) list.push({ do: "forward", stage });
      if (passes(chosen, to)) follow(to, to, free);
      else {
        list.push({ do: "keep", stage: chosen });
        follow(chosen, to, free - inputs[chosen]!);
      }
      follow(from, chosen - 1, free);
    };
    follow(0, length - 1, free);
    return list;
  }
}
