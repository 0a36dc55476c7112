import { Matrix } from "../../numeric/mod.ts";
import { discretize } from "./discretize.ts";
import { checkScan, type ScanResult, type SelectiveScan } from "./selective_scan.ts";

/** A step of a recurrence h ← keep · h + add, or several steps in a row taken together. */
export interface Recurrence {
  readonly keep: number;
  readonly add: number;
}

/**
 * Two steps of a recurrence are one: keep₂(keep₁ h + add₁) + add₂. As it does not matter which neighbors are joined first,
 * steps may be joined in a tree.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { joinSteps } from "@fewer-bytes/attention";
 *
 * assertEquals(joinSteps({ keep: 2, add: 1 }, { keep: 3, add: 5 }), { keep: 6, add: 8 });
 * ```
 */
export function joinSteps(first: Recurrence, second: Recurrence): Recurrence {
  return { keep: second.keep * first.keep, add: second.keep * first.add + second.add };
}

/**
 * How can what is defined token after token be computed for all tokens at once? Join neighbors, then neighbors of
 * neighbors: after ⌈log₂ n⌉ rounds, each of which works on all tokens side by side, entry t holds steps 0 to t together.
 *
 * The rounds of Hillis and Steele do n log n joins; those of Blelloch, which Mamba's kernel uses, about 2n in 2 log n
 * rounds. (Blelloch 1990; Gu and Dao 2023, section 3.3.2.)
 *
 * @returns The recurrences from the start up to each token, and how many rounds it took.
 * @example Eight steps in three rounds
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { scanInRounds } from "@fewer-bytes/attention";
 *
 * const { prefixes, rounds } = scanInRounds(Array(8).fill({ keep: 1, add: 5 }));
 * assertEquals(rounds, 3);
 * assertEquals(prefixes.map(({ add }) => add), [5, 10, 15, 20, 25, 30, 35, 40]);
 * ```
 */
export function scanInRounds(
  steps: readonly Recurrence[],
): { readonly prefixes: Recurrence[]; readonly rounds: number } {
  let prefixes = [...steps];
  let rounds = 0;
  for (let distance = 1; distance < steps.length; distance *= 2, rounds++) {
    const before = prefixes;
    prefixes = before.map((own, i) => i < distance ? own : joinSteps(before[i - distance]!, own));
  }
  return { prefixes, rounds };
}

/**
 * The selective scan, all tokens at once: it is how prompts are computed. The same numbers as token by token.
 *
 * @throws {TypeError} when the shapes do not fit.
 * @throws {RangeError} when a step is not above 0.
 */
export function parallelSelectiveScan(scan: SelectiveScan): ScanResult {
  checkScan(scan);
  const { input, step, decay, write, read, skip, discretization } = scan;
  const [channels, states] = [decay.rows, decay.columns];
  const output = new Matrix(input.rows, channels, new Float64Array(input.rows * channels));
  const state = new Matrix(channels, states, new Float64Array(channels * states));
  for (let channel = 0; channel < channels; channel++) {
    const x = Array.from({ length: input.rows }, (_, token) => input.get(token, channel));
    for (let n = 0; n < states; n++) {
      const start = scan.state?.get(channel, n) ?? 0;
      const { prefixes } = scanInRounds(x.map((value, token) => {
        const delta = step.get(token, channel);
        const { keep, add } = discretize(
          delta,
          decay.get(channel, n),
          write.get(token, n),
          discretization,
        );
        return { keep, add: add * value };
      }));
      const held = prefixes.map(({ keep, add }) => keep * start + add);
      held.forEach((value, token) =>
        output.data[token * channels + channel]! += read.get(token, n) * value
      );
      state.set(channel, n, held.at(-1) ?? start);
    }
    x.forEach((value, token) =>
      output.data[token * channels + channel]! += (skip?.[channel] ?? 0) * value
    );
  }
  return { output, state };
}
