import { requireInteger } from "../../units/mod.ts";
import { requireChance } from "./expected_tokens.ts";

/** Drafted tokens after one that is certain: each branch begins with a drafted token, and goes on as a tree of its own. */
export interface DraftTree {
  /** In the order in which they are tried. */
  readonly branches: readonly DraftTree[];
}

/**
 * How likely the candidates at a place are accepted: for each depth of the tree, for each rank, the chance that the candidate
 * of that rank is the accepted one. Depths beyond the last are as the last. Chances of one depth sum to at most 1.
 */
export type RankAcceptance = readonly (readonly number[])[];

/** A drafted sequence is a tree without forks. */
export function chain(length: number): DraftTree {
  requireInteger(length, 0, "make a chain", "the length");
  let tree: DraftTree = { branches: [] };
  for (let place = 0; place < length; place++) tree = { branches: [tree] };
  return tree;
}

/** Drafted tokens of a tree: what the target verifies in one pass, besides the certain one. */
export function treeSize({ branches }: DraftTree): number {
  return branches.reduce((sum, branch) => sum + 1 + treeSize(branch), 0);
}

/** Tokens of its longest branch: passes of a drafter that drafts all of a depth at once. */
export function treeDepth({ branches }: DraftTree): number {
  return branches.reduce((most, branch) => Math.max(most, 1 + treeDepth(branch)), 0);
}

/**
 * How many tokens does a tree give on average? Each of its tokens counts when it and all before it on its branch are
 * accepted, and the target adds one: 1 plus the sum, over all drafted tokens, of the product along the branch.
 *
 * Acceptance is taken to depend on depth and rank alone, as in Sequoia and in Medusa's choice of a tree.
 *
 * @throws {RangeError} when the acceptance has no depth, or a chance is not from 0 to 1.
 * @example Two candidates for the first place, one more after the better of them
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { expectedTreeTokens } from "@fewer-bytes/decoding";
 *
 * const tree = { branches: [{ branches: [{ branches: [] }] }, { branches: [] }] };
 * assertAlmostEquals(expectedTreeTokens(tree, [[0.6, 0.2]]), 1 + 0.6 + 0.6 * 0.6 + 0.2);
 * ```
 */
export function expectedTreeTokens(tree: DraftTree, acceptance: RankAcceptance): number {
  requireRanks(acceptance);
  const below = ({ branches }: DraftTree, depth: number): number =>
    1 + branches.reduce(
      (sum, branch, rank) => sum + chanceAt(acceptance, depth, rank) * below(branch, depth + 1),
      0,
    );
  return below(tree, 0);
}

/** The chance at a depth and rank: 0 for ranks that are not known. */
export function chanceAt(acceptance: RankAcceptance, depth: number, rank: number): number {
  return acceptance[Math.min(depth, acceptance.length - 1)]![rank] ?? 0;
}

/** Refuses what is no table of chances. */
export function requireRanks(acceptance: RankAcceptance): void {
  requireInteger(acceptance.length, 1, "weigh a tree", "the number of depths");
  for (const ranks of acceptance) {
    const sum = ranks.reduce((sum, chance) => sum + requireChance(chance), 0);
    if (sum > 1 + 1e-9) {
      throw new RangeError(
        `Cannot weigh a tree as the chances of a depth must sum to at most 1: current value is ${sum}`,
      );
    }
  }
}
