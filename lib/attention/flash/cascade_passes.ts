import type { AttentionCascade } from "./einsum_cascades.ts";
import { ranksOf, type TensorAccess } from "./einsum.ts";

/** What must be kept, or computed again, from one pass over the keys to a later one. */
export interface CrossingTensor {
  readonly tensor: string;
  /** The pass that makes it. */
  readonly from: number;
  /** The last pass that uses it. */
  readonly to: number;
  /** Its values for one query. */
  readonly values: number;
}

/** What the order of a cascade's lines alone implies. */
export interface CascadePasses {
  /** Times that all keys must pass, at least. */
  readonly passes: number;
  /** What lives across passes and is as long as the keys. */
  readonly crossing: readonly CrossingTensor[];
  /** Values that must be held for one query between two passes; 0 where one pass is enough. */
  readonly footprint: number;
}

/**
 * How often must the keys pass, whatever the machine? What is summed over all keys is known only after the last one; what
 * needs it for each key must go through them again.
 *
 * With p passes one either holds a value for each key, so that the fast memory grows with the context, or reads keys (or
 * scores) p times. One pass needs neither.
 *
 * @param cascade One of {@linkcode attentionCascades}, or your own.
 * @param sizes Of the ranks m, or m1 and m0, and f.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cascadePasses, onePassCascade, threePassCascade } from "@fewer-bytes/attention";
 *
 * const sizes = { m: 4096, m1: 32, m0: 128, f: 64 };
 * const [three, one] = [threePassCascade, onePassCascade].map((cascade) => cascadePasses(cascade, sizes));
 * assertEquals([three!.passes, three!.footprint], [3, 4096]);
 * assertEquals([one!.passes, one!.footprint], [1, 0]);
 * ```
 */
export function cascadePasses(
  { einsums, keyRank }: AttentionCascade,
  sizes: Readonly<Record<string, number>>,
): CascadePasses {
  const spans = ({ indices }: TensorAccess) =>
    indices.some((index) => index.replace("+1", "") === keyRank);
  const knownIn = new Map<string, number>(); // the pass in which a tensor gets its values
  const made = new Map<string, { from: number; to: number; values: number }>();
  let passes = 0;
  for (const line of einsums) {
    const walksKeys = ranksOf(line).includes(keyRank);
    const pass = Math.max(
      walksKeys ? 1 : 0,
      ...line.inputs.map((input) => {
        const known = knownIn.get(input.tensor) ?? 0;
        return known + (walksKeys && !spans(input) ? 1 : 0);
      }),
    );
    knownIn.set(line.output.tensor, pass);
    if (!walksKeys) continue;
    passes = Math.max(passes, pass);
    for (const input of line.inputs.filter(spans)) {
      const source = made.get(input.tensor);
      if (source) source.to = Math.max(source.to, pass);
    }
    if (spans(line.output)) {
      const values = line.output.indices.map((index) => index.replace("+1", ""))
        .reduce((product, rank) => product * (rank === "p" ? 1 : sizes[rank] ?? 1), 1);
      made.set(line.output.tensor, { from: pass, to: pass, values });
    }
  }
  const crossing = [...made].map(([tensor, life]) => ({ tensor, ...life }))
    .filter(({ from, to }) => to > from);
  const between = Array.from(
    { length: passes },
    (_, pass) =>
      crossing.filter(({ from, to }) => from <= pass && to > pass)
        .reduce((sum, { values }) => sum + values, 0),
  );
  return { passes, crossing, footprint: Math.max(...between) };
}
