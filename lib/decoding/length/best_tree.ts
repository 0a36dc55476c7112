import { requireInteger } from "../../units/mod.ts";
import {
  chanceAt,
  type DraftTree,
  expectedTreeTokens,
  type RankAcceptance,
  requireRanks,
} from "./draft_tree.ts";

/** How large a tree may be. */
export interface TreeBudget {
  /** Drafted tokens. */
  readonly tokens: number;
  /** Tokens of a branch. Default: as many as there are. */
  readonly depth?: number;
}

/** A tree, and what it gives. */
export interface WeighedTree {
  readonly tree: DraftTree;
  /** Tokens of a round on average. */
  readonly tokens: number;
}

/**
 * Which tree of so many drafted tokens gives the most? Dynamic programming: what some tokens are worth as the branches of one
 * place, from some rank on, is the best over how many of them the branch of that rank gets. The rest go to later ranks.
 *
 * Where acceptance falls with rank, as it does for a draft that tries its candidates in a sensible order, small trees are
 * chains, and forks come where a chain has become unlikely to be still alive.
 *
 * Source: Chen et al., "Sequoia" (2024); with one row for each head, the trees of Medusa (Cai et al. 2024).
 *
 * @throws {RangeError} when the budget is no whole number, or as {@linkcode expectedTreeTokens}.
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { bestTree, chain, expectedTreeTokens } from "@fewer-bytes/decoding";
 *
 * const acceptance = [[0.6, 0.2, 0.1]];
 * assertEquals(bestTree(acceptance, { tokens: 2 }).tree, chain(2));
 * const { tokens } = bestTree(acceptance, { tokens: 16 });
 * assert(tokens > 1.2 * expectedTreeTokens(chain(16), acceptance));
 * ```
 */
export function bestTree(
  acceptance: RankAcceptance,
  { tokens, depth = tokens }: TreeBudget,
): WeighedTree {
  requireRanks(acceptance);
  requireInteger(tokens, 0, "choose a tree", "the tokens");
  requireInteger(depth, 0, "choose a tree", "the depth");
  const ranks = Math.max(0, ...acceptance.map(({ length }) => length));
  const known = new Map<number, Choice>();

  /** The best branches of a place at this depth, from this rank on, with at most so many tokens. */
  const best = (at: number, rank: number, left: number): Choice => {
    if (left === 0 || at === depth || rank === ranks) return nothing;
    const key = (at * (ranks + 1) + rank) * (tokens + 1) + left;
    const before = known.get(key);
    if (before) return before;
    const chance = chanceAt(acceptance, at, rank);
    let choice = nothing;
    for (let size = 1; size <= left; size++) {
      const below = best(at + 1, 0, size - 1);
      const beside = best(at, rank + 1, left - size);
      const worth = chance * (1 + below.worth) + beside.worth;
      if (worth > choice.worth) {
        choice = { worth, branches: [{ branches: below.branches }, ...beside.branches] };
      }
    }
    known.set(key, choice);
    return choice;
  };

  const tree: DraftTree = { branches: best(0, 0, tokens).branches };
  return { tree, tokens: expectedTreeTokens(tree, acceptance) };
}

interface Choice {
  readonly worth: number;
  readonly branches: readonly DraftTree[];
}

const nothing: Choice = { worth: 0, branches: [] };
