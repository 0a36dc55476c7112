/**
 * One line of a cascade, such as `GM[p] = max over m of QK[m,p]`: for all values of the indices, something is computed
 * from the inputs; what meets in one place of the output is added up, or the largest is kept.
 *
 * An index is a rank (`m`), the place after it (`m1+1`, for what runs along), or a capital (`M1`): the place behind the
 * last, where what runs along ends up.
 *
 * Source: extended Einsums, as in Nayak et al., "FuseMax" (2024).
 */
export interface Einsum {
  readonly output: TensorAccess;
  readonly inputs: readonly TensorAccess[];
  /** What is computed from one value of each input. */
  readonly compute: (...values: number[]) => number;
  /** How values that meet are combined. */
  readonly combine: "add" | "largest";
}

/** A tensor and its indices. */
export interface TensorAccess {
  readonly tensor: string;
  readonly indices: readonly string[];
}

/** Values of a tensor by the text of their place, as in "3,0". */
export type SparseTensor = Map<string, number>;

/**
 * Reads an Einsum from text.
 *
 * @param output As in `AV[f,p]`.
 * @param inputs As in `A[m,p]`.
 * @throws {SyntaxError} when one does not read so.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { einsum } from "@fewer-bytes/attention";
 *
 * const line = einsum("C[i,j]", ["A[i,k]", "B[k,j]"], (a, b) => a! * b!);
 * assertEquals(line.output, { tensor: "C", indices: ["i", "j"] });
 * ```
 */
export function einsum(
  output: string,
  inputs: readonly string[],
  compute: (...values: number[]) => number,
  combine: "add" | "largest" = "add",
): Einsum {
  return { output: access(output), inputs: inputs.map(access), compute, combine };
}

/**
 * The ranks that an Einsum walks over.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { einsum, ranksOf } from "@fewer-bytes/attention";
 *
 * assertEquals(ranksOf(einsum("C[i,j]", ["A[i,k]", "B[k,j]"], (a, b) => a! * b!)), ["i", "j", "k"]);
 * ```
 */
export function ranksOf({ output, inputs }: Einsum): string[] {
  const names = [output, ...inputs].flatMap(({ indices }) => indices)
    .filter((index) => /^[a-z]/.test(index)).map((index) => index.replace("+1", ""));
  return [...new Set(names)];
}

/**
 * Computes a cascade of Einsums, one after another, on real numbers: slowly, and exactly as it is written.
 *
 * @param sizes Of each rank.
 * @param tensors What is given; results are added to it.
 * @param initial What a tensor holds where nothing was written yet; default 0.
 * @returns The tensors.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { einsum, runEinsums } from "@fewer-bytes/attention";
 *
 * const total = einsum("T[]", ["A[i]"], (a) => a!);
 * const { T } = runEinsums([total], { i: 2 }, { A: new Map([["0", 3], ["1", 4]]) });
 * assertEquals(T!.get(""), 7);
 * ```
 */
export function runEinsums(
  cascade: readonly Einsum[],
  sizes: Readonly<Record<string, number>>,
  tensors: Record<string, SparseTensor>,
  initial: Readonly<Record<string, number>> = {},
): Record<string, SparseTensor> {
  for (const line of cascade) {
    const ranks = ranksOf(line);
    const target = tensors[line.output.tensor] ??= new Map();
    const at: Record<string, number> = {};
    const place = ({ indices }: TensorAccess) =>
      indices.map((index) =>
        index.endsWith("+1")
          ? at[index.slice(0, -2)]! + 1
          : at[index] ?? sizes[index.toLowerCase()]!
      ).join(",");
    const visit = (depth: number) => {
      const rank = ranks[depth];
      if (rank !== undefined) {
        for (at[rank] = 0; at[rank] < sizes[rank]!; at[rank]!++) visit(depth + 1);
        delete at[rank];
        return;
      }
      const value = line.compute(
        ...line.inputs.map((input) =>
          tensors[input.tensor]?.get(place(input)) ?? initial[input.tensor] ?? 0
        ),
      );
      const where = place(line.output);
      const before = target.get(where);
      const both = line.combine === "add"
        ? (before ?? 0) + value
        : Math.max(before ?? value, value);
      target.set(where, both);
    };
    visit(0);
  }
  return tensors;
}

function access(text: string): TensorAccess {
  const found = /^(\w+)\[((?:\w+(?:\+1)?(?:,\w+(?:\+1)?)*)?)\]$/.exec(text);
  if (!found) {
    throw new SyntaxError(
      `Cannot read an Einsum as a tensor must look like "QK[m,p]": current text is "${text}"`,
    );
  }
  return { tensor: found[1]!, indices: found[2] === "" ? [] : found[2]!.split(",") };
}
