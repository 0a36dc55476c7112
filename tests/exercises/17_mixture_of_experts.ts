import {
  distinctExperts,
  evenChances,
  exchangeBound,
  route,
  simulateCache,
} from "@fewer-bytes/experts";
import { expectEqual, expectNumber, expectThat, expectThrows } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** A layer of experts, all of one size. */
interface Layer {
  experts: number;
  expertsPerToken: number;
  sharedExperts: number;
  expertBytes: number;
}

const mixtral: Layer = { experts: 8, expertsPerToken: 2, sharedExperts: 0, expertBytes: 1 };
const deepseek: Layer = { experts: 256, expertsPerToken: 8, sharedExperts: 1, expertBytes: 88e6 };

export const stepReads = defineExercise({
  id: "17.1",
  title: "What a step reads",
  points: 15,
  name: "stepReads",
  stub: `/**
 * How many bytes of experts does a step read in one layer, on average? Each token
 * picks so many different experts, all alike, and needs the shared ones besides. An
 * expert is read once in a step, however many tokens pick it.
 */
function stepReads(
  layer: {
    experts: number; // without the shared ones
    expertsPerToken: number;
    sharedExperts: number;
    expertBytes: number; // of each one, shared or not
  },
  tokens: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "Look at one expert. How likely does one token miss it? And how likely do all tokens miss it?",
    "experts · (1 − (1 − expertsPerToken / experts)^tokens) are read on average, and the shared ones always: times expertBytes.",
    `\`\`\`ts
function stepReads(
  layer: {
    experts: number;
    expertsPerToken: number;
    sharedExperts: number;
    expertBytes: number;
  },
  tokens: number,
): number {
  const { experts, expertsPerToken, sharedExperts, expertBytes } = layer;
  const missed = (1 - expertsPerToken / experts) ** tokens;
  return (experts * (1 - missed) + sharedExperts) * expertBytes;
}
\`\`\``,
  ],
  reference: (layer: Layer, tokens: number): number =>
    (distinctExperts(evenChances(layer.experts, layer.expertsPerToken), tokens) +
      layer.sharedExperts) * layer.expertBytes,
  checks: [
    {
      name: "reads two experts of Mixtral's eight for a token alone",
      run: async (bytes) =>
        expectNumber(await bytes(mixtral, 1), 2, {
          unit: "experts",
          hint: "a token picks different experts, so one token reads exactly as many as it picks",
        }),
    },
    {
      name: "reads nearly all of them for 16 tokens, and never more than there are",
      run: async (bytes) => {
        expectNumber(await bytes(mixtral, 16), 8 * (1 - 0.75 ** 16), {
          unit: "experts",
          hint: "16 tokens pick 32 times, but an expert that several pick is read once",
        });
        expectThat(
          await bytes(mixtral, 1000) <= 8,
          "with 1,000 tokens more than 8 of 8 experts are read",
        );
      },
    },
    {
      name: "reads the shared expert of DeepSeek-V3 once, with one token or 64",
      run: async (bytes) => {
        expectNumber(await bytes(deepseek, 1), 9 * 88e6, {
          unit: "B",
          hint: "the token's eight, and the one that all tokens share",
        });
        expectNumber(await bytes(deepseek, 64), (256 * (1 - (248 / 256) ** 64) + 1) * 88e6, {
          unit: "B",
          hint: "the shared expert is read once in a step, too",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "reads an expert for each pick",
      answer: ({ experts, expertsPerToken, sharedExperts, expertBytes }, tokens) =>
        (Math.min(experts, expertsPerToken * tokens) + sharedExperts) * expertBytes,
      caught: "an expert that several pick is read once",
    },
    {
      title: "lets a token pick the same expert twice",
      answer: ({ experts, expertsPerToken, sharedExperts, expertBytes }, tokens) =>
        (experts * (1 - (1 - 1 / experts) ** (tokens * expertsPerToken)) + sharedExperts) *
        expertBytes,
      caught: "a token picks different experts",
    },
    {
      title: "forgets the shared experts",
      answer: ({ experts, expertsPerToken, expertBytes }, tokens) =>
        experts * (1 - (1 - expertsPerToken / experts) ** tokens) * expertBytes,
      caught: "the one that all tokens share",
    },
    {
      title: "reads the shared expert for each token",
      answer: ({ experts, expertsPerToken, sharedExperts, expertBytes }, tokens) =>
        (experts * (1 - (1 - expertsPerToken / experts) ** tokens) + tokens * sharedExperts) *
        expertBytes,
      caught: "the shared expert is read once in a step, too",
    },
  ],
});

/** The numbers of the highest values, highest first, the earlier of equals. */
function highest(values: readonly number[], few: number): number[] {
  return [...values.keys()].sort((a, b) => values[b]! - values[a]! || a - b).slice(0, few);
}

function total(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** The logit that a sigmoid makes this score of. */
function logit(score: number): number {
  return Math.log(score / (1 - score));
}

export const chooseExperts = defineExercise({
  id: "17.2",
  title: "Choose, then weigh",
  points: 20,
  name: "chooseExperts",
  stub: `/**
 * Where does a token go, as in DeepSeek-V3? Chosen are the experts whose score plus
 * bias is highest, the most wanted first, the earlier of equals. Their outputs are
 * weighed by the scores alone, made to add up to 1. To ask for more experts than
 * there are is a RangeError.
 */
function chooseExperts(
  scores: number[], // of each expert, between 0 and 1
  bias: number[],
  expertsPerToken: number,
): { experts: number[]; weights: number[] } {
  return { experts: [], weights: [] }; // your turn
}`,
  hints: [
    "The bias is there to send tokens elsewhere, not to make an expert louder. Which of the two steps may see it?",
    "Sort the numbers of the experts by scores[e] + bias[e], take the first few; each weight is scores[e] / (sum of the scores of the chosen).",
    `\`\`\`ts
function chooseExperts(
  scores: number[],
  bias: number[],
  expertsPerToken: number,
): { experts: number[]; weights: number[] } {
  if (expertsPerToken > scores.length) {
    throw new RangeError(\`Cannot choose \${expertsPerToken} of \${scores.length} experts\`);
  }
  const wanted = scores.map((score, expert) => score + bias[expert]!);
  const experts = [...scores.keys()]
    .sort((a, b) => wanted[b]! - wanted[a]! || a - b)
    .slice(0, expertsPerToken);
  const sum = experts.reduce((all, expert) => all + scores[expert]!, 0);
  return { experts, weights: experts.map((expert) => scores[expert]! / sum) };
}
\`\`\``,
  ],
  reference: (scores: number[], bias: number[], expertsPerToken: number) => {
    const { experts, weights } = route(scores.map(logit), {
      expertsPerToken,
      scores: "sigmoid",
      bias,
    });
    return { experts: [...experts], weights: [...weights] };
  },
  checks: [
    {
      name: "takes the highest scores, the most wanted first, while no bias is there",
      run: async (choose) =>
        expectEqual(await choose([0.2, 0.6, 0.1, 0.3], [0, 0, 0, 0], 2), {
          experts: [1, 3],
          weights: [2 / 3, 1 / 3],
        }, { hint: "the weights of the chosen add up to 1" }),
    },
    {
      name: "lets the bias choose",
      run: async (choose) =>
        expectEqual((await choose([0.5, 0.4, 0.3], [-0.3, 0, 0.2], 2)).experts, [2, 1], {
          hint: "with their biases the three stand at 0.2, 0.4 and 0.5",
        }),
    },
    {
      name: "does not let the bias weigh",
      run: async (choose) =>
        expectEqual((await choose([0.5, 0.4, 0.3], [-0.3, 0, 0.2], 2)).weights, [3 / 7, 4 / 7], {
          hint: "the chosen have scores of 0.3 and 0.4, whatever their biases are",
        }),
    },
    {
      name: "has a clear word for nine experts of eight",
      run: async (choose) => {
        await expectThrows(() => choose(new Array(8).fill(0.5), new Array(8).fill(0), 9), {
          hint: "there are only 8 experts: throw a RangeError",
        });
        const all = await choose([0.5, 0.5], [0, 0], 2);
        expectEqual(all.experts, [0, 1], { hint: "both of two is a choice like any other" });
      },
    },
  ],
  mistakes: [
    {
      title: "weighs with the bias, too",
      answer: (scores, bias, few) => {
        if (few > scores.length) throw new RangeError("too many");
        const wanted = scores.map((score, expert) => score + bias[expert]!);
        const experts = highest(wanted, few);
        const sum = total(experts.map((expert) => wanted[expert]!));
        return { experts, weights: experts.map((expert) => wanted[expert]! / sum) };
      },
      caught: "whatever their biases are",
    },
    {
      title: "forgets the bias",
      answer: (scores, _bias, few) => {
        if (few > scores.length) throw new RangeError("too many");
        const experts = highest(scores, few);
        const sum = total(experts.map((expert) => scores[expert]!));
        return { experts, weights: experts.map((expert) => scores[expert]! / sum) };
      },
      caught: "the three stand at 0.2, 0.4 and 0.5",
    },
    {
      title: "leaves the weights as they are",
      answer: (scores, bias, few) => {
        if (few > scores.length) throw new RangeError("too many");
        const experts = highest(scores.map((score, expert) => score + bias[expert]!), few);
        return { experts, weights: experts.map((expert) => scores[expert]!) };
      },
      caught: "add up to 1",
    },
    {
      title: "gives fewer when there are not enough",
      answer: (scores, bias, few) => {
        const experts = highest(scores.map((score, expert) => score + bias[expert]!), few);
        const sum = total(experts.map((expert) => scores[expert]!));
        return { experts, weights: experts.map((expert) => scores[expert]! / sum) };
      },
      caught: "there are only 8 experts",
    },
  ],
});

/** Counts what is brought, with a rule for what is used again. */
function missesOf(steps: readonly number[][], slots: number, again: "renews" | "stays"): number {
  const held: number[] = [];
  let misses = 0;
  for (const wanted of steps) {
    const missing = wanted.filter((expert) => !held.includes(expert));
    for (const expert of wanted) {
      const place = held.indexOf(expert);
      if (place >= 0 && again === "renews") held.push(...held.splice(place, 1));
    }
    for (const expert of missing) {
      misses++;
      if (slots === 0) continue;
      if (held.length === slots) held.shift();
      held.push(expert);
    }
  }
  return misses;
}

export const expertMisses = defineExercise({
  id: "17.3",
  title: "A cache of experts",
  points: 20,
  name: "expertMisses",
  stub: `/**
 * A device has room for some experts and brings the others when a step asks for
 * them. How many does it bring in all? At first it has none. In each step, what is
 * there is used (and counts as just used), then what is missing is brought, each in
 * the place of the expert that was used longest ago, once all slots are taken.
 */
function expertMisses(steps: number[][], slots: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Keep the experts in a list, the one used longest ago in front. What happens to the list when an expert is used? And when one is brought?",
    "For each step: missing = those not in the list. Move those that are in it to its end. Then, for each missing one: count it, take one from the front if the list is full, and put it at the end.",
    `\`\`\`ts
function expertMisses(steps: number[][], slots: number): number {
  const held: number[] = []; // the longest ago in front
  let misses = 0;
  for (const wanted of steps) {
    const missing = wanted.filter((expert) => !held.includes(expert));
    for (const expert of wanted) {
      const place = held.indexOf(expert);
      if (place >= 0) held.push(...held.splice(place, 1));
    }
    for (const expert of missing) {
      misses++;
      if (slots === 0) continue;
      if (held.length === slots) held.shift();
      held.push(expert);
    }
  }
  return misses;
}
\`\`\``,
  ],
  reference: (steps: number[][], slots: number): number => {
    let step = 0;
    const count = { draw: () => steps[step++]!, slots, steps: steps.length, warmUp: 0 };
    return Math.round(simulateCache(count).misses * steps.length);
  },
  checks: [
    {
      name: "brings each expert once when all fit",
      run: async (misses) =>
        expectNumber(await misses([[0, 1], [1, 2], [0, 2], [2, 1]], 3), 3, {
          unit: "experts",
          hint: "three different experts are asked for, and nothing has to go",
        }),
    },
    {
      name: "brings every one every time when there is no slot",
      run: async (misses) =>
        expectNumber(await misses([[0, 1], [0, 1], [0, 1]], 0), 6, {
          unit: "experts",
          hint: "nothing can be kept",
        }),
    },
    {
      name: "keeps what was used last, not what came last",
      run: async (misses) =>
        expectNumber(await misses([[0], [1], [0], [2], [0], [1]], 2), 4, {
          unit: "experts",
          hint: "expert 0 is used again and again, so it stays; 1 goes when 2 comes",
        }),
    },
    {
      name: "misses all of a loop over one expert more than fits",
      run: async (misses) =>
        expectNumber(await misses([[0], [1], [2], [0], [1], [2], [0], [1], [2]], 2), 9, {
          unit: "experts",
          hint: "what is needed next is always what was just thrown away",
        }),
    },
    {
      name: "uses what is there before it brings anything",
      run: async (misses) =>
        expectNumber(await misses([[0], [1], [2, 0]], 2), 3, {
          unit: "experts",
          hint: "in the last step expert 0 is there and is used, and 2 takes the place of 1",
        }),
    },
  ],
  mistakes: [
    {
      title: "throws away what came first, even when it was just used",
      answer: (steps, slots) => missesOf(steps, slots, "stays"),
      caught: "so it stays",
    },
    {
      title: "never throws anything away",
      answer: (steps, slots) =>
        slots === 0 ? total(steps.map(({ length }) => length)) : new Set(steps.flat()).size,
      caught: "what was just thrown away",
    },
    {
      title: "counts what was there",
      answer: (steps, slots) =>
        total(steps.map(({ length }) => length)) - missesOf(steps, slots, "renews"),
      caught: "nothing has to go",
    },
    {
      title: "brings one expert after the other, and may throw away what the step needs",
      answer: (steps, slots) => missesOf(steps.flat().map((expert) => [expert]), slots, "renews"),
      caught: "expert 0 is there and is used",
    },
  ],
});

/** A mixture over many devices. */
interface Spread {
  hiddenSize: number;
  layers: number;
  places: number;
  tokens: number;
}

export const tokenTime = defineExercise({
  id: "17.4",
  title: "Waiting for the network",
  points: 15,
  name: "tokenTime",
  stub: `/**
 * Experts are spread over devices, and nothing but the network takes time. How long
 * is it between two tokens of a sequence? In each layer a token sends its hidden
 * state to several places, one byte for each number, and gets a result as wide from
 * each, two bytes for each number. Two micro-batches take turns on the same link.
 */
function tokenTime(
  model: {
    hiddenSize: number;
    layers: number;
    places: number; // to which each token goes
    tokens: number; // of one micro-batch on one device
  },
  bandwidth: number, // bytes a second
): number {
  return NaN; // your turn
}`,
  hints: [
    "How many bytes does one token send and receive in one layer? How many tokens share the link until the next token of a sequence is there?",
    "In one layer and micro-batch: tokens · places · hiddenSize · (1 + 2) / bandwidth. Times layers, times 2 micro-batches.",
    `\`\`\`ts
function tokenTime(
  model: { hiddenSize: number; layers: number; places: number; tokens: number },
  bandwidth: number,
): number {
  const bytes = model.tokens * model.places * model.hiddenSize * (1 + 2);
  return 2 * model.layers * bytes / bandwidth;
}
\`\`\``,
  ],
  reference: (model: Spread, bandwidth: number): number =>
    exchangeBound({ ...model, bandwidth }).timePerOutputToken,
  checks: [
    {
      name: "takes 14.76 ms for DeepSeek-V3 with 32 tokens a device at 50 GB/s",
      run: async (seconds) =>
        expectNumber(
          await seconds({ hiddenSize: 7000, layers: 61, places: 9, tokens: 32 }, 50e9),
          0.01475712,
          { unit: "s", hint: "120.96 µs in a layer for each of two micro-batches, in 61 layers" },
        ),
    },
    {
      name: "takes 6 s where every number is 1",
      run: async (seconds) =>
        expectNumber(await seconds({ hiddenSize: 1, layers: 1, places: 1, tokens: 1 }, 1), 6, {
          unit: "s",
          hint: "one byte there, two bytes back, and that for two micro-batches",
        }),
    },
    {
      name: "grows with the tokens of a device",
      run: async (seconds) => {
        const model = { hiddenSize: 100, layers: 10, places: 4, tokens: 5 };
        const [few, more] = [
          await seconds(model, 1e6),
          await seconds({ ...model, tokens: 15 }, 1e6),
        ];
        expectNumber(more, 3 * few, { unit: "s", hint: "three times the tokens on the same link" });
        expectNumber(few, 0.12, { unit: "s", hint: "60 kB in two micro-batches of 10 layers" });
      },
    },
  ],
  mistakes: [
    {
      title: "sends nothing back",
      answer: ({ hiddenSize, layers, places, tokens }, bandwidth) =>
        2 * layers * tokens * places * hiddenSize / bandwidth,
      caught: "two bytes back",
    },
    {
      title: "lets one micro-batch have the link",
      answer: ({ hiddenSize, layers, places, tokens }, bandwidth) =>
        layers * tokens * places * hiddenSize * 3 / bandwidth,
      caught: "for two micro-batches",
    },
    {
      title: "sends one token",
      answer: ({ hiddenSize, layers, places }, bandwidth) =>
        2 * layers * places * hiddenSize * 3 / bandwidth,
      caught: "three times the tokens",
    },
    {
      title: "sends one copy, as if all experts were in one place",
      answer: ({ hiddenSize, layers, tokens }, bandwidth) =>
        2 * layers * tokens * hiddenSize * 3 / bandwidth,
      caught: "120.96 µs in a layer",
    },
  ],
});
