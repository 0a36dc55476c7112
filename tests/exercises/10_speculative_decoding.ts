import {
  bestDraftLength,
  bestTree,
  couple,
  expectedTokens,
  residual,
  tokensPerRound,
} from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** A source of chance that gives these numbers. */
function told(...numbers: number[]) {
  return { ...seeded(0), uniform: () => numbers.shift()! };
}

/** The token in whose share a number from 0 to 1 falls; undefined when the shares end before it. */
function inShare(law: readonly number[], at: number): number | undefined {
  let rest = at;
  const token = law.findIndex((share) => (rest -= share) < 0);
  return token < 0 ? undefined : token;
}

export const keepOrReplace = defineExercise({
  id: "10.1",
  title: "Keep it, or replace it",
  points: 20,
  name: "keepOrReplace",
  stub: `/**
 * The token that the text gets. \`drafted\` was drawn from the law \`draft\`. \`accept\` and \`replace\`
 * are drawn evenly from 0 to 1: the first decides whether the token stays; if it does not, the
 * second picks another from what the target has left. Shares lie side by side, token 0 first.
 */
function keepOrReplace(
  drafted: number,
  target: number[],
  draft: number[],
  accept: number,
  replace: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "How often is a token drafted, and how often does the target want it? If the draft gives it too often, how much of that may stay? And when one is refused: which tokens have not had their share yet?",
    "Keep when accept < p / q. Else left[t] = max(0, target[t] − draft[t]), divided by their sum; the token is the first t for which left[0] + … + left[t] > replace.",
    `\`\`\`ts
function keepOrReplace(
  drafted: number,
  target: number[],
  draft: number[],
  accept: number,
  replace: number,
): number {
  if (accept < target[drafted]! / draft[drafted]!) return drafted;
  const left = target.map((p, token) => Math.max(0, p - draft[token]!));
  let rest = replace * left.reduce((sum, share) => sum + share, 0);
  return left.findIndex((share) => (rest -= share) < 0);
}
\`\`\``,
  ],
  reference: (
    drafted: number,
    target: number[],
    draft: number[],
    accept: number,
    replace: number,
  ): number => couple(drafted, target, draft, told(accept, replace)).token,
  checks: [
    {
      name: "keeps a token that the target wants no less than the draft, whatever the dice say",
      run: async (keep) =>
        expectEqual(await keep(0, [0.4, 0.4, 0.2], [0.2, 0.2, 0.6], 0.99, 0.9), 0, {
          hint: "it is drafted less often than the target wants it, so none of it is too many",
        }),
    },
    {
      name: "keeps one that the draft gives four times too often, one time in four",
      run: async (keep) => {
        const tokens = [
          await keep(0, [0.2, 0.8], [0.8, 0.2], 0.24, 0.5),
          await keep(0, [0.2, 0.8], [0.8, 0.2], 0.26, 0.5),
        ];
        expectEqual(tokens, [0, 1], { hint: "p/q is 0.25: 0.24 is below it, 0.26 is not" });
      },
    },
    {
      name: "replaces a refused token by one that has not had its share",
      run: async (keep) => {
        const laws = [[0.5, 0.25, 0.25], [0.25, 0.75, 0]] as const;
        const tokens = [];
        for (const replace of [0.1, 0.49, 0.51, 0.9]) {
          tokens.push(await keep(1, [...laws[0]], [...laws[1]], 0.9, replace));
        }
        expectEqual(tokens, [0, 0, 2, 2], {
          hint:
            "the target has 0.25 of token 0 and 0.25 of token 2 left, half and half; token 1 has had its share",
        });
      },
    },
    {
      name: "leaves the law of the target, over all drafts and all dice",
      run: async (keep) => {
        const [target, draft] = [[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.5, 0.2]];
        const law = [0, 0, 0, 0];
        for (const [drafted, q] of draft.entries()) {
          for (let accept = 0.05; accept < 1; accept += 0.1) {
            for (let replace = 0.125; replace < 1; replace += 0.25) {
              const token = await keep(drafted, target, draft, accept, replace);
              if (token in law) law[token]! += q / 40;
            }
          }
        }
        expectThat(
          law.every((p, token) => Math.abs(p - target[token]!) < 1e-9),
          `the text must follow ${target.join(", ")}, and follows ${
            law.map((p) => p.toFixed(3)).join(", ")
          }`,
        );
      },
    },
  ],
  mistakes: [
    {
      title: "draws from the target again",
      answer: (drafted, target, draft, accept, replace) =>
        accept < target[drafted]! / draft[drafted]! ? drafted : inShare(target, replace)!,
      caught: "token 1 has had its share",
    },
    {
      title: "keeps only what the target wants more",
      answer: (drafted, target, draft, _accept, replace) =>
        target[drafted]! >= draft[drafted]!
          ? drafted
          : inShare([...residual(target, draft)], replace)!,
      caught: "0.24 is below it",
    },
    {
      title: "keeps with the chance p, and not p/q",
      answer: (drafted, target, draft, accept, replace) =>
        accept < target[drafted]! ? drafted : inShare([...residual(target, draft)], replace)!,
      caught: "none of it is too many",
    },
    {
      title: "does not scale what is left to a sum of 1",
      answer: (drafted, target, draft, accept, replace) =>
        accept < target[drafted]! / draft[drafted]!
          ? drafted
          : inShare(target.map((p, token) => Math.max(0, p - draft[token]!)), replace) ??
            target.length - 1,
      caught: "half and half",
    },
  ],
});

export const tokensOfRound = defineExercise({
  id: "10.2",
  title: "How many tokens does a round give?",
  points: 15,
  name: "tokensOfRound",
  stub: `/**
 * Mean and variance of the tokens that a round gives. acceptances[i] is the chance that drafted
 * token i is accepted when all before it were. The first refusal ends the round; the target
 * always adds one token.
 */
function tokensOfRound(acceptances: number[]): { mean: number; variance: number } {
  return { mean: NaN, variance: NaN }; // your turn
}`,
  hints: [
    "What is the chance that a round gives exactly one token? Exactly two? What is sure to come, however bad the draft?",
    "With reached = 1 at first: k tokens come with the chance reached · (1 − acceptances[k − 1]), then reached ·= acceptances[k − 1]; the last chance is what is left. mean = Σ chance · k, variance = Σ chance · k² − mean².",
    `\`\`\`ts
function tokensOfRound(acceptances: number[]): { mean: number; variance: number } {
  let [reached, mean, square] = [1, 0, 0];
  for (let tokens = 1; tokens <= acceptances.length + 1; tokens++) {
    const next = acceptances[tokens - 1] ?? 0;
    const chance = reached * (1 - next);
    mean += chance * tokens;
    square += chance * tokens ** 2;
    reached *= next;
  }
  return { mean, variance: square - mean ** 2 };
}
\`\`\``,
  ],
  reference: (acceptances: number[]) => {
    const { mean, variance } = tokensPerRound(acceptances);
    return { mean, variance };
  },
  checks: [
    {
      name: "gives the target's token when nothing is drafted",
      run: async (round) =>
        expectEqual(await round([]), { mean: 1, variance: 0 }, {
          hint: "the target always adds one token",
        }),
    },
    {
      name: "gives one token or two when one is drafted",
      run: async (round) => {
        const { mean, variance } = await round([0.5]);
        expectNumber(mean, 1.5, { unit: "tokens" });
        expectNumber(variance, 0.25, { unit: "tokens²" });
      },
    },
    {
      name: "gives what the formula says when all are accepted alike",
      run: async (round) => {
        const { mean } = await round([0.8, 0.8, 0.8, 0.8]);
        expectNumber(mean, (1 - 0.8 ** 5) / (1 - 0.8), {
          unit: "tokens",
          hint: "a token counts only if all before it were accepted: (1 − a⁵)/(1 − a)",
        });
      },
    },
    {
      name: "multiplies along the draft where chances differ",
      run: async (round) => {
        const { mean } = await round([0.9, 0.1, 0.9]);
        expectNumber(mean, 1 + 0.9 + 0.09 + 0.081, {
          unit: "tokens",
          hint: "behind the place of 0.1 hardly anything counts, so the mean chance says too much",
        });
      },
    },
    {
      name: "spreads as one refusal ends it all",
      run: async (round) => {
        const { variance } = await round([0.8, 0.8, 0.8, 0.8]);
        expectNumber(variance, tokensPerRound([0.8, 0.8, 0.8, 0.8]).variance, {
          unit: "tokens²",
          hint:
            "the counts 1 to 5 have the chances 0.2, 0.16, 0.128, 0.1024 and 0.4096; acceptances are not added up one by one",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "counts accepted tokens alone",
      answer: (acceptances) => {
        const { mean, variance } = tokensPerRound(acceptances);
        return { mean: mean - 1, variance };
      },
      caught: "always adds one",
    },
    {
      title: "adds the chances up",
      answer: (acceptances) => ({
        mean: acceptances.reduce((sum, chance) => sum + chance, 1),
        variance: tokensPerRound(acceptances).variance,
      }),
      caught: "only if all before it",
    },
    {
      title: "takes the mean chance everywhere",
      answer: (acceptances) => {
        const mean = acceptances.reduce((sum, chance) => sum + chance, 0) /
          Math.max(1, acceptances.length);
        return {
          mean: expectedTokens(mean, acceptances.length),
          variance: tokensPerRound(acceptances).variance,
        };
      },
      caught: "the mean chance says too much",
    },
    {
      title: "spreads as if each token were judged for itself",
      answer: (acceptances) => ({
        mean: tokensPerRound(acceptances).mean,
        variance: acceptances.reduce((sum, chance) => sum + chance * (1 - chance), 0),
      }),
      caught: "not added up one by one",
    },
  ],
});

/** Where drafts are made and verified. */
interface Place {
  memory: number;
  compute: number;
  batch: number;
  draft: number;
  acceptance: number;
}

/** The draft length from 0 to 16 with the most tokens for its seconds. */
function mostTokens(gives: (drafted: number) => number, takes: (drafted: number) => number) {
  let best = 0;
  for (let drafted = 1; drafted <= 16; drafted++) {
    if (gives(drafted) / takes(drafted) > gives(best) / takes(best)) best = drafted;
  }
  return best;
}

export const draftsThatPay = defineExercise({
  id: "10.3",
  title: "How many drafts, for how many users?",
  points: 15,
  name: "draftsThatPay",
  stub: `/**
 * How many tokens should be drafted in a round, from 0 to 16, to be fastest? A pass of the target
 * takes \`memory\` seconds to read the weights, and \`compute\` seconds for each token that it
 * computes: the longer of the two counts. It verifies the drafts of all \`batch\` sequences at
 * once. Drafting a token for all of them takes \`draft\` seconds; it is accepted with the chance
 * \`acceptance\`.
 */
function draftsThatPay(place: {
  memory: number;
  compute: number;
  batch: number;
  draft: number;
  acceptance: number;
}): number {
  return NaN; // your turn
}`,
  hints: [
    "Try each length: what does a round give, and how long does it take? How many tokens does the target compute when each sequence has g drafts?",
    "tokens = 1 + a + … + a^g; seconds = g · draft + max(memory, batch · (g + 1) · compute). Take the g with the most tokens a second.",
    `\`\`\`ts
function draftsThatPay(place: {
  memory: number;
  compute: number;
  batch: number;
  draft: number;
  acceptance: number;
}): number {
  const { memory, compute, batch, draft, acceptance } = place;
  let [best, fastest, tokens] = [0, 0, 0];
  for (let drafts = 0; drafts <= 16; drafts++) {
    tokens += acceptance ** drafts;
    const seconds = drafts * draft + Math.max(memory, batch * (drafts + 1) * compute);
    if (tokens / seconds > fastest) [best, fastest] = [drafts, tokens / seconds];
  }
  return best;
}
\`\`\``,
  ],
  reference: ({ memory, compute, batch, draft, acceptance }: Place): number =>
    mostTokens(
      (drafted) => expectedTokens(acceptance, drafted),
      (drafted) => drafted * draft + Math.max(memory, batch * (drafted + 1) * compute),
    ),
  checks: [
    {
      name: "takes what the speed-up formula takes, as long as the target waits for memory",
      run: async (drafts) => {
        const place = { memory: 0.02, compute: 1e-6, batch: 1, draft: 0.002, acceptance: 0.8 };
        expectNumber(await drafts(place), bestDraftLength(0.8, 0.1), {
          unit: "drafts",
          hint: "one user, a draft for a tenth of the target's time: every draft costs something",
        });
      },
    },
    {
      name: "drafts nothing when the target is busy with one token of each user",
      run: async (drafts) =>
        expectNumber(
          await drafts({
            memory: 0.02,
            compute: 1e-4,
            batch: 200,
            draft: 0.0001,
            acceptance: 0.8,
          }),
          0,
          {
            unit: "drafts",
            hint: "200 tokens already take 0.02 s: each draft of each user takes its own time",
          },
        ),
    },
    {
      name: "fills what is idle, and no more",
      run: async (drafts) =>
        expectNumber(
          await drafts({ memory: 0.02, compute: 1e-4, batch: 50, draft: 0.0001, acceptance: 0.8 }),
          3,
          {
            unit: "drafts",
            hint:
              "four tokens of each of 50 users are read and computed in the same time; the target's own token is one of the four",
          },
        ),
    },
    {
      name: "drafts nothing with a draft as slow as the target",
      run: async (drafts) =>
        expectNumber(
          await drafts({ memory: 0.02, compute: 1e-6, batch: 1, draft: 0.02, acceptance: 0.8 }),
          0,
          { unit: "drafts", hint: "drafting takes time, too" },
        ),
    },
  ],
  mistakes: [
    {
      title: "forgets the target's own token in the pass",
      answer: ({ memory, compute, batch, draft, acceptance }) =>
        mostTokens(
          (drafted) => expectedTokens(acceptance, drafted),
          (drafted) => drafted * draft + Math.max(memory, batch * drafted * compute),
        ),
      caught: "is one of the four",
    },
    {
      title: "verifies for nothing",
      answer: ({ memory, draft, acceptance }) =>
        mostTokens(
          (drafted) => expectedTokens(acceptance, drafted),
          (drafted) => drafted * draft + memory,
        ),
      caught: "takes its own time",
    },
    {
      title: "forgets the batch",
      answer: ({ memory, compute, draft, acceptance }) =>
        mostTokens(
          (drafted) => expectedTokens(acceptance, drafted),
          (drafted) => drafted * draft + Math.max(memory, (drafted + 1) * compute),
        ),
      caught: "takes its own time",
    },
    {
      title: "drafts for nothing",
      answer: ({ memory, compute, batch, acceptance }) =>
        mostTokens(
          (drafted) => expectedTokens(acceptance, drafted),
          (drafted) => Math.max(memory, batch * (drafted + 1) * compute),
        ),
      caught: "every draft costs something",
    },
  ],
});

export const tokensOfBestTree = defineExercise({
  id: "10.4",
  title: "Plant the best tree",
  points: 20,
  name: "tokensOfBestTree",
  stub: `/**
 * Tokens that a round gives on average with the best tree of so many drafted tokens. At each
 * place candidate 0 is the accepted one with the chance ranks[0], candidate 1 with ranks[1] …,
 * whatever came before. The target always adds one token.
 */
function tokensOfBestTree(ranks: number[], tokens: number): number {
  return NaN; // your turn
}`,
  hints: [
    "A token is worth the chance that it and all before it on its branch are accepted. What is the next best place for one more token: behind the last one, or beside it?",
    "Let best(rank, left) be the most that `left` tokens are worth at one place, from this candidate on: the largest over size = 1 … left of ranks[rank] · (1 + best(0, size − 1)) + best(rank + 1, left − size); 0 when no token or no candidate is left. The answer is 1 + best(0, tokens).",
    `\`\`\`ts
function tokensOfBestTree(ranks: number[], tokens: number): number {
  const known = new Map<string, number>();
  const best = (rank: number, left: number): number => {
    if (left === 0 || rank === ranks.length) return 0;
    const key = rank + " " + left;
    if (known.has(key)) return known.get(key)!;
    let most = 0;
    for (let size = 1; size <= left; size++) {
      const worth = ranks[rank]! * (1 + best(0, size - 1)) + best(rank + 1, left - size);
      most = Math.max(most, worth);
    }
    known.set(key, most);
    return most;
  };
  return 1 + best(0, tokens);
}
\`\`\``,
  ],
  reference: (ranks: number[], tokens: number): number => bestTree([ranks], { tokens }).tokens,
  checks: [
    {
      name: "gives the target's token when nothing is drafted",
      run: async (best) =>
        expectNumber(await best([0.6, 0.2], 0), 1, {
          unit: "tokens",
          hint: "the target always adds one token",
        }),
    },
    {
      name: "puts the second token behind the first when that is likelier",
      run: async (best) =>
        expectNumber(await best([0.6, 0.2], 2), 1 + 0.6 + 0.36, {
          unit: "tokens",
          hint: "behind the first it is worth 0.6 · 0.6, beside it 0.2",
        }),
    },
    {
      name: "puts it beside the first when that is likelier",
      run: async (best) =>
        expectNumber(await best([0.3, 0.25], 2), 1 + 0.3 + 0.25, {
          unit: "tokens",
          hint: "behind the first it is worth 0.3 · 0.3, beside it 0.25",
        }),
    },
    {
      name: "finds the best of all trees of twelve tokens",
      run: async (best) => {
        const ranks = [0.6, 0.2, 0.1];
        expectNumber(await best(ranks, 12), bestTree([ranks], { tokens: 12 }).tokens, {
          unit: "tokens",
          hint: "neither a chain nor one fork: try all ways to share the tokens among branches",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "plants a chain",
      answer: ([first = 0], tokens) => expectedTokens(first, tokens),
      caught: "beside it 0.25",
    },
    {
      title: "plants a bush",
      answer: (ranks, tokens) => ranks.slice(0, tokens).reduce((sum, chance) => sum + chance, 1),
      caught: "behind the first it is worth 0.6",
    },
    {
      title: "takes the better of chain and bush",
      answer: (ranks, tokens) =>
        Math.max(
          expectedTokens(ranks[0]!, tokens),
          ranks.slice(0, tokens).reduce((sum, chance) => sum + chance, 1),
        ),
      caught: "neither a chain nor one fork",
    },
    {
      title: "forgets the target's token",
      answer: (ranks, tokens) => bestTree([ranks], { tokens }).tokens - 1,
      caught: "always adds one",
    },
  ],
});
