import { seeded } from "../numeric/mod.ts";
import {
  breakEvenHitRate,
  distinctPrefixTokens,
  expectedHitRate,
  impliedFixedCost,
  type RadixNode,
  RadixTree,
  servePrompts,
  templatePrompts,
  zipfShares,
} from "../paging/mod.ts";
import { findClaim } from "./claim.ts";
import { type Citation, cite, type Derivation, derive } from "./derivation.ts";

const law = { templates: 12, templateTokens: 80, questionTokens: 20 };
const prompts = templatePrompts(law, 200, seeded(11));
const [remote, local] = [0.030, 0.002];
const ends = (claim: string) => findClaim(claim).stated as readonly [low: number, high: number];
const [remoteRates, localRates] = [
  ends("d-semcache-breakeven-remote"),
  ends("d-semcache-breakeven-local"),
];
/** The times of a model that the range for the remote search takes for granted. */
const times = remoteRates.map((rate) => remote / (rate / 100));
const middle = (times[0]! + times[1]!) / 2;
const milliseconds = (seconds: number) => `${(1e3 * seconds).toFixed(1)} ms`;
const rate = (search: number, model: number, fixed = 0) =>
  100 * breakEvenHitRate(search, model, fixed);
/** Both ranges at their lower ends, and at their upper ends. */
const conditions = [0, 1].map((end) =>
  impliedFixedCost(
    { search: remote, rate: remoteRates[end]! / 100 },
    { search: local, rate: localRates[end]! / 100 },
  )
);

/** Chapter 11, prefixes and answers: what is found again need not be computed again. */
export const chapter11Prefixes: readonly Derivation[] = [
  derive("c-radix-longest-prefix", {
    assumptions: () => [
      `${prompts.length} prompts of ${law.templates} templates and questions of their own, one after the other, with room for all; compared with a search through all earlier prompts`,
      `at best the hit rate is what prompts share, ${
        (100 * (1 - distinctPrefixTokens(prompts) / (100 * prompts.length))).toFixed(0)
      } % here; a prompt whose beginning was never seen finds nothing, so no hit is guaranteed`,
    ],
    by: [servePrompts],
    proxy: {
      computes: "tokens found by the tree over those of the longest prefix seen before",
      unit: "x",
      threshold: 1,
    },
    derived: foundOverLongest,
  }),
  derive("c-radix-lru-leaves", {
    assumptions: [
      "300 prompts of the same kind in a tree with room for a fifth of them, some of them locked while they run",
      "each leaf that goes, against that one of all leaves nobody runs on which was not needed for longest",
    ],
    by: [RadixTree],
    proxy: {
      computes: "share of evictions that took the least recently used leaf",
      unit: "ratio",
      threshold: 1,
    },
    derived: oldestFirst,
  }),
  derive("d-semcache-breakeven-remote", {
    assumptions: () => [
      `a hit spares the model, a search costs ${
        milliseconds(remote)
      } for every question; the time of the model is not stated, and the range holds for ${
        milliseconds(times[1]!)
      } to ${milliseconds(times[0]!)}: the middle is taken`,
    ],
    by: [breakEvenHitRate],
    derived: () => rate(remote, middle),
  }),
  derive("d-semcache-breakeven-local", {
    assumptions: () => [
      `the same models with a search of ${milliseconds(local)}: ${
        rate(local, times[0]!).toFixed(1)
      } % to ${
        rate(local, times[1]!).toFixed(1)
      } %, a fifteenth of the rate at a fifteenth of the cost`,
    ],
    by: [breakEvenHitRate],
    derived: () => rate(local, middle),
    otherwise: {
      condition: () =>
        `every question pays ${milliseconds(conditions[0]!.fixed)} to ${
          milliseconds(conditions[1]!.fixed)
        } beside the search, and the model takes ${milliseconds(conditions[1]!.model)} to ${
          milliseconds(conditions[0]!.model)
        }`,
      derived: () => {
        const half = (of: "model" | "fixed") => (conditions[0]![of] + conditions[1]![of]) / 2;
        return rate(local, half("model"), half("fixed"));
      },
    },
  }),
  derive("d-semcache-high-hit", {
    assumptions: [
      "20,000 different questions whose popularity falls as 1 / rank, 300 answers kept by least recent use; numbers of ours for what is said in words",
    ],
    by: [expectedHitRate],
    derived: () => 100 * expectedHitRate(zipfShares(20_000, 1), { capacity: 300 }),
  }),
  derive("d-semcache-low-hit", {
    assumptions: [
      "20,000 different questions whose popularity falls as 1 / rank^0.6, 1,000 answers kept, each for 1,000 questions; numbers of ours for what is said in words",
    ],
    by: [expectedHitRate],
    derived: () =>
      100 * expectedHitRate(zipfShares(20_000, 0.6), { capacity: 1000, lifetime: 1000 }),
  }),
];

/** Claims about prefixes and answers that are only cited. */
export const chapter11PrefixCitations: readonly Citation[] = [
  cite("d-semcache-miss-30ms", "a latency of one database over one network"),
  cite(
    "d-semcache-miss-2ms",
    "a latency of one index on one machine; what follows of it is derived",
  ),
  cite("d-semcache-uncached", "a share of a traffic that is not published"),
  cite("d-semcache-load-reduction", "called a theoretical projection, without its inputs"),
];

/** Tokens that a tree finds, over those that a comparison with every earlier prompt finds. */
function foundOverLongest(): number {
  const { promptTokens, computedTokens } = servePrompts(prompts, { capacity: 100_000 });
  const longest = prompts.map((prompt, index) =>
    Math.max(
      0,
      ...prompts.slice(0, index).map((earlier) => {
        const end = prompt.findIndex((token, place) => token !== earlier[place]);
        return end < 0 ? prompt.length : end;
      }),
    )
  );
  return (promptTokens - computedTokens) / longest.reduce((a, b) => a + b, 0);
}

/** How often what is evicted was the leaf that had to go. */
function oldestFirst(): number {
  const tree = new RadixTree();
  const running: RadixNode[] = [];
  const room = 20 * prompts.length;
  let [right, all] = [0, 0];
  for (const prompt of templatePrompts(law, 300, seeded(13))) {
    const { node } = tree.insert(prompt, prompt);
    tree.lock(node);
    running.push(node);
    if (running.length > 5) tree.unlock(running.shift()!);
    while (tree.size > room) {
      const leaves = [...tree.nodes()].filter(({ children, locks }) =>
        children.size === 0 && locks === 0
      );
      const oldest = leaves.reduce((a, b) => b.used < a.used ? b : a);
      all++;
      if (tree.evict(1)[0] === oldest.blocks[0]) right++;
    }
  }
  return right / all;
}
