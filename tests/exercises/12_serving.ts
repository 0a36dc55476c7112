import { findHardware, findModel } from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import {
  type Arrivals,
  chunkedPrefill,
  continuousBatching,
  evenArrivals,
  fixedLengths,
  goodput,
  logNormalLengths,
  makeRequests,
  meanWait,
  poissonArrivals,
  requests,
  simulate,
  staticUtilization,
} from "@fewer-bytes/serving";
import { expectEqual, expectNumber, expectThat, expectThrows } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

const deployment = {
  model: findModel("llama-3.1-8b"),
  hardware: findHardware("nvidia-h100-sxm"),
};

/** Lengths of answers as conversations have them. */
const manyLengths = (() => {
  const [draw, random] = [logNormalLengths({ median: 129, p90: 424 }), seeded(12)];
  return Array.from({ length: 50 }, () => draw(random));
})();
const longest = (lengths: readonly number[]) => Math.max(...lengths);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const batches = (lengths: readonly number[], size: number) =>
  Array.from(
    { length: Math.ceil(lengths.length / size) },
    (_, at) => lengths.slice(at * size, (at + 1) * size),
  );

export const usefulPlaces = defineExercise({
  id: "12.1",
  title: "What a static batch computes for nothing",
  points: 10,
  name: "usefulPlaces",
  stub: `/**
 * The share of computed places that give a token. Requests are taken \`batch\` at a time,
 * in order; a batch is computed until its longest answer is complete. The last batch may be
 * smaller.
 */
function usefulPlaces(lengths: number[], batch: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Take one batch of answers with 10 and 30 tokens. How many steps does it run? How many places are computed in them, and how many of these give a token that somebody reads?",
    "A batch of n requests computes n · longest places. Add up places over all batches, add up all lengths, and divide the one by the other, once.",
    `Slice, and add up both sums before dividing.

\`\`\`ts
function usefulPlaces(lengths: number[], batch: number): number {
  let useful = 0, places = 0;
  for (let start = 0; start < lengths.length; start += batch) {
    const own = lengths.slice(start, start + batch);
    useful += own.reduce((sum, length) => sum + length, 0);
    places += own.length * Math.max(...own);
  }
  return useful / places;
}
\`\`\``,
  ],
  reference: (lengths: number[], batch: number): number => staticUtilization(lengths, batch),
  checks: [
    {
      name: "wastes a third of a batch of 10 and 30",
      run: async (useful) =>
        expectNumber(await useful([10, 30], 2), 40 / 60, {
          hint: "two places for 30 steps are 60, and 40 of them give a token",
        }),
    },
    {
      name: "adds up before it divides, as batches run for different times",
      run: async (useful) =>
        expectNumber(await useful([10, 30, 100, 100], 2), 240 / 260, {
          hint: "the second batch runs longer, so it counts for more: no mean of shares",
        }),
    },
    {
      name: "gives the last batch only the places that it has",
      run: async (useful) =>
        expectNumber(await useful([20, 20, 20], 2), 1, {
          hint: "the third request is alone in its batch, and nothing is wasted",
        }),
    },
    {
      name: "agrees with the library on 50 answers as they are in conversations",
      run: async (useful) => {
        for (const batch of [1, 8, 32]) {
          expectNumber(
            await useful([...manyLengths], batch),
            staticUtilization(manyLengths, batch),
            {
              hint: `batches of ${batch}`,
            },
          );
        }
      },
    },
  ],
  mistakes: [
    {
      title: "takes the mean of the shares of all batches",
      answer: (lengths, batch) => {
        const shares = batches(lengths, batch).map((own) =>
          total(own) / (own.length * longest(own))
        );
        return total(shares) / shares.length;
      },
      caught: "no mean of shares",
    },
    {
      title: "lets every batch run as long as the longest answer of all",
      answer: (lengths) => total(lengths) / (lengths.length * longest(lengths)),
      caught: "the second batch runs longer",
    },
    {
      title: "counts empty places of the last batch",
      answer: (lengths, batch) =>
        total(lengths) / total(batches(lengths, batch).map((own) => batch * longest(own))),
      caught: "nothing is wasted",
    },
    {
      title: "gives what is wasted, and not what is useful",
      answer: (lengths, batch) => 1 - staticUtilization(lengths, batch),
      caught: "40 of them give a token",
    },
  ],
});

/** Computes something when it is asked for the first time. */
function once<T>(compute: () => T): () => T {
  let known: { value: T } | undefined;
  return () => (known ??= { value: compute() }).value;
}

/** Prompts of 1,000 tokens with an answer of one, one after the other, as the simulator plays them. */
const queueByLibrary = once(() => {
  const play = (arrivals: Arrivals, count: number) =>
    simulate({
      deployment,
      policy: continuousBatching({ batch: 1 }),
      requests: makeRequests({
        count,
        arrivals,
        prompt: fixedLengths(1000),
        output: fixedLengths(1),
      }),
    });
  const service = play(evenArrivals(1), 1).timeToFirstToken.mean;
  const rate = 0.7 / service;
  const { timeToFirstToken, meanPresent } = play(poissonArrivals(rate), 30_000);
  return { service, rate, mean: timeToFirstToken.mean, there: meanPresent };
});

/** What is asked of a queue. */
interface Queue {
  load: number;
  wait: number;
  present: number;
}

const refuse = (load: number) => {
  throw new RangeError(
    `Cannot find the mean wait as the load must be < 1: current value is ${load}`,
  );
};

export const fixedServiceQueue = defineExercise({
  id: "12.2",
  title: "How long is the queue?",
  points: 15,
  name: "fixedServiceQueue",
  stub: `/**
 * One server takes one request after the other, each for \`service\` seconds; \`rate\` arrive
 * in a second, at random. Its load, the mean wait before service begins, and how many are
 * there on average, the one in service included. A RangeError when no mean exists.
 */
function fixedServiceQueue(
  rate: number,
  service: number,
): { load: number; wait: number; present: number } {
  return { load: NaN, wait: NaN, present: NaN }; // your turn
}`,
  hints: [
    "The load is the share of time in which the server is busy. What if it were more than 1? And Little's law needs no details: how many are there, when so many come in a second and each stays so long?",
    "load = rate · service; wait = load · service / (2 · (1 − load)) for equal services; present = rate · (wait + service). With a load of 1 or more the queue grows without end.",
    `\`\`\`ts
function fixedServiceQueue(
  rate: number,
  service: number,
): { load: number; wait: number; present: number } {
  const load = rate * service;
  if (load >= 1) throw new RangeError(\`The queue grows without end: the load is \${load}\`);
  const wait = load * service / (2 * (1 - load));
  return { load, wait, present: rate * (wait + service) };
}
\`\`\``,
  ],
  reference: (rate: number, service: number): Queue => {
    const wait = meanWait(rate, { mean: service });
    return { load: rate * service, wait, present: rate * (wait + service) };
  },
  checks: [
    {
      name: "waits half a service at a load of one half",
      run: async (queue) => {
        const { load, wait } = await queue(5, 0.1);
        expectNumber(load, 0.5, { hint: "the load" });
        expectNumber(wait, 0.05, {
          unit: "s",
          hint: "the wait; all services are equal, which is the 2 in the formula",
        });
      },
    },
    {
      name: "counts the one in service among those who are there",
      run: async (queue) =>
        expectNumber((await queue(5, 0.1)).present, 0.75, {
          unit: "requests",
          hint: "each stays for its wait and its service",
        }),
    },
    {
      name: "has no mean at a load of one or more",
      run: async (queue) => {
        for (const rate of [10, 25]) {
          await expectThrows(() => queue(rate, 0.1), {
            hint:
              `at ${rate} requests a second of 0.1 s each the queue grows without end: throw a RangeError, as a number would be believed`,
          });
        }
      },
    },
    {
      name: "agrees with 30,000 requests in the simulator",
      run: async (queue) => {
        const { service, rate, mean, there } = queueByLibrary();
        const { wait, present } = await queue(rate, service);
        const hint = "1,000 tokens a prompt at a load of 0.7, as the simulator plays it";
        expectNumber(wait, mean - service, {
          unit: "s",
          tolerance: 0.05,
          hint,
        });
        expectNumber(present, there, { unit: "requests", tolerance: 0.05, hint });
      },
    },
  ],
  mistakes: [
    {
      title: "takes the formula for services of exponential length",
      answer: (rate, service) => {
        const load = rate * service;
        if (load >= 1) refuse(load);
        const wait = load * service / (1 - load);
        return { load, wait, present: rate * (wait + service) };
      },
      caught: "all services are equal",
    },
    {
      title: "forgets the one in service",
      answer: (rate, service) => {
        const wait = meanWait(rate, { mean: service });
        return { load: rate * service, wait, present: rate * wait };
      },
      caught: "its wait and its service",
    },
    {
      title: "gives a negative wait for an overload",
      answer: (rate, service) => {
        const load = rate * service;
        const wait = load * service / (2 * (1 - load));
        return { load, wait, present: rate * (wait + service) };
      },
      caught: "throw a RangeError",
    },
    {
      title: "counts the service into the wait",
      answer: (rate, service) => {
        const wait = meanWait(rate, { mean: service }) + service;
        return { load: rate * service, wait, present: rate * wait };
      },
      caught: "the wait; all services are equal",
    },
  ],
});

export const largestChunk = defineExercise({
  id: "12.3",
  title: "The largest chunk under a bound",
  points: 10,
  name: "largestChunk",
  stub: `/**
 * Tokens of a prompt that a step may compute besides one token for each of \`decodes\`
 * answers, so that it takes at most \`bound\` seconds. Weights and caches are read in \`read\`
 * seconds whatever the step computes, and while they are read, each token takes \`perToken\`
 * seconds of arithmetic.
 */
function largestChunk(
  bound: number,
  decodes: number,
  read: number,
  perToken: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "A step waits for bytes or for arithmetic, whichever takes longer. Which of the two grows with the chunk? And can a step be shorter than what must be read?",
    "The step takes max(read, (decodes + chunk) · perToken). So read must fit into the bound, and decodes + chunk ≤ bound / perToken, rounded down, but not below 0.",
    `\`\`\`ts
function largestChunk(
  bound: number,
  decodes: number,
  read: number,
  perToken: number,
): number {
  if (read > bound) return 0;
  return Math.max(0, Math.floor(bound / perToken) - decodes);
}
\`\`\``,
  ],
  reference: (bound: number, decodes: number, read: number, perToken: number): number =>
    read > bound ? 0 : Math.max(0, Math.floor(bound / perToken) - decodes),
  checks: [
    {
      name: "fills the bound with a prompt when nobody decodes",
      run: async (chunk) =>
        expectNumber(await chunk(0.016, 0, 0.004, 1 / 65_536), 1048, {
          unit: "tokens",
          hint: "reading goes on while tokens are computed: the two are no sum",
        }),
    },
    {
      name: "leaves room for the tokens of those who decode",
      run: async (chunk) =>
        expectNumber(await chunk(0.016, 100, 0.004, 1 / 65_536), 948, {
          unit: "tokens",
          hint: "each answer takes a token of the step, too",
        }),
    },
    {
      name: "has no room when reading alone takes longer than the bound",
      run: async (chunk) =>
        expectNumber(await chunk(0.016, 10, 0.02, 1 / 65_536), 0, {
          unit: "tokens",
          hint: "weights and caches take 20 ms: no chunk makes the step shorter",
        }),
    },
    {
      name: "never gives a negative chunk",
      run: async (chunk) =>
        expectNumber(await chunk(0.001, 128, 0.0005, 1 / 65_536), 0, {
          unit: "tokens",
          hint: "128 answers are more than the bound allows by themselves",
        }),
    },
  ],
  mistakes: [
    {
      title: "adds the time to read",
      answer: (bound, decodes, read, perToken) =>
        Math.max(0, Math.floor((bound - read) / perToken) - decodes),
      caught: "the two are no sum",
    },
    {
      title: "forgets the answers",
      answer: (bound, _decodes, read, perToken) => read > bound ? 0 : Math.floor(bound / perToken),
      caught: "a token of the step",
    },
    {
      title: "looks at arithmetic alone",
      answer: (bound, decodes, _read, perToken) =>
        Math.max(0, Math.floor(bound / perToken) - decodes),
      caught: "no chunk makes the step shorter",
    },
    {
      title: "gives a negative chunk",
      answer: (bound, decodes, read, perToken) =>
        read > bound ? 0 : Math.floor(bound / perToken) - decodes,
      caught: "more than the bound allows",
    },
  ],
});

/** A request as it was served, and what was promised. */
interface Served {
  arrival: number;
  first: number;
  finished: number;
  tokens: number;
}
interface Objective {
  timeToFirstToken: number;
  timePerToken: number;
}

/** What the library says of the same requests. */
function keptByLibrary(served: Served[], promise: Objective, duration: number): number {
  const column = (pick: (one: Served) => number) => Float64Array.from(served, pick);
  const columns = {
    arrival: column(({ arrival }) => arrival),
    first: column(({ first }) => first),
    finished: column(({ finished }) => finished),
    outputTokens: Int32Array.from(served, ({ tokens }) => tokens),
  };
  const requestsPerSecond = served.length / duration;
  return goodput({ columns, requestsPerSecond } as Parameters<typeof goodput>[0], {
    timeToFirstToken: promise.timeToFirstToken,
    timePerOutputToken: promise.timePerToken,
  });
}

const servedByLibrary = once(() => {
  const { columns, duration } = simulate({
    deployment,
    requests: makeRequests({
      count: 200,
      arrivals: poissonArrivals(18),
      prompt: fixedLengths(1500),
      output: logNormalLengths({ median: 60, p90: 200, maximum: 500 }),
    }),
    policy: chunkedPrefill(),
  });
  const served = Array.from(columns.arrival, (arrival, at): Served => ({
    arrival,
    first: columns.first[at]!,
    finished: columns.finished[at]!,
    tokens: columns.outputTokens[at]!,
  }));
  return { served, duration };
});
const gapOf = ({ first, finished, tokens }: Served) =>
  tokens > 1 ? (finished - first) / (tokens - 1) : 0;
const share = (served: Served[], keeps: (one: Served) => boolean) => served.filter(keeps).length;

export const keptPromises = defineExercise({
  id: "12.5",
  title: "Goodput: served as promised",
  points: 15,
  name: "keptPromises",
  stub: `/**
 * Requests per second that were served as promised, over \`duration\` seconds: the first token
 * within \`timeToFirstToken\` after the arrival, and a mean gap between the tokens of the
 * request of at most \`timePerToken\`. Times are in seconds.
 */
function keptPromises(
  served: { arrival: number; first: number; finished: number; tokens: number }[],
  promise: { timeToFirstToken: number; timePerToken: number },
  duration: number,
): number {
  return NaN; // your turn
}`,
  hints: [
    "Look at one request. How long did it wait for its first token? And how many gaps lie between the tokens that followed?",
    "A request with n tokens has n − 1 gaps, all after its first token: finished − first ≤ timePerToken · (n − 1). Count the requests for which both hold, and divide by the duration.",
    `\`\`\`ts
function keptPromises(
  served: { arrival: number; first: number; finished: number; tokens: number }[],
  promise: { timeToFirstToken: number; timePerToken: number },
  duration: number,
): number {
  const kept = served.filter(({ arrival, first, finished, tokens }) =>
    first - arrival <= promise.timeToFirstToken &&
    finished - first <= promise.timePerToken * (tokens - 1)
  );
  return kept.length / duration;
}
\`\`\``,
  ],
  reference: (served: Served[], promise: Objective, duration: number): number =>
    keptByLibrary(served, promise, duration),
  checks: [
    {
      name: "counts a request only when both promises hold for it",
      run: async (kept) =>
        expectNumber(
          await kept(
            [
              { arrival: 0, first: 0.1, finished: 1, tokens: 10 },
              { arrival: 0, first: 0.9, finished: 1, tokens: 10 },
              { arrival: 0, first: 0.1, finished: 5, tokens: 10 },
              { arrival: 0, first: 0.2, finished: 0.8, tokens: 10 },
            ],
            { timeToFirstToken: 0.5, timePerToken: 0.2 },
            4,
          ),
          0.5,
          {
            unit: "requests/s",
            hint: "each promise is kept for three of four requests, and both for two, in 4 seconds",
          },
        ),
    },
    {
      name: "counts from the arrival, not from zero",
      run: async (kept) =>
        expectNumber(
          await kept(
            [{ arrival: 10, first: 10.3, finished: 10.9, tokens: 4 }],
            { timeToFirstToken: 0.5, timePerToken: 0.25 },
            1,
          ),
          1,
          { unit: "requests/s", hint: "the first token came 0.3 s after the arrival" },
        ),
    },
    {
      name: "knows that n tokens have n − 1 gaps",
      run: async (kept) =>
        expectNumber(
          await kept(
            [{ arrival: 0, first: 0.1, finished: 0.31, tokens: 3 }],
            { timeToFirstToken: 0.5, timePerToken: 0.1 },
            1,
          ),
          0,
          { unit: "requests/s", hint: "three tokens have two gaps, here of 0.105 s" },
        ),
    },
    {
      name: "agrees with the library on 200 requests of a busy server",
      run: async (kept) => {
        const { served, duration } = servedByLibrary();
        for (const [timeToFirstToken, timePerToken] of [[0.3, 0.012], [1, 0.01]] as const) {
          const promise = { timeToFirstToken, timePerToken };
          expectNumber(
            await kept(served, promise, duration),
            keptByLibrary(served, promise, duration),
            { unit: "requests/s" },
          );
        }
      },
    },
  ],
  mistakes: [
    {
      title: "takes the smaller of two shares",
      answer: (served, { timeToFirstToken, timePerToken }, duration) =>
        Math.min(
          share(served, ({ arrival, first }) => first - arrival <= timeToFirstToken),
          share(served, (one) => gapOf(one) <= timePerToken),
        ) / duration,
      caught: "both for two",
    },
    {
      title: "gives the share, and not the rate",
      answer: (served, promise, duration) =>
        keptByLibrary(served, promise, duration) * duration / served.length,
      caught: "requests/s",
    },
    {
      title: "divides by tokens",
      answer: (served, { timeToFirstToken, timePerToken }, duration) =>
        share(
          served,
          ({ arrival, first, finished, tokens }) =>
            first - arrival <= timeToFirstToken && (finished - first) / tokens <= timePerToken,
        ) /
        duration,
      caught: "two gaps",
    },
    {
      title: "counts from zero",
      answer: (served, { timeToFirstToken, timePerToken }, duration) =>
        share(served, (one) => one.first <= timeToFirstToken && gapOf(one) <= timePerToken) /
        duration,
      caught: "after the arrival",
    },
  ],
});

/** Sarathi's rule, with changes that make it wrong. */
function fill(budget: number, decoding: number, prompts: number[]): number[] {
  let left = Math.max(0, budget - decoding);
  return prompts.map((missing) => {
    const tokens = Math.min(left, missing);
    left -= tokens;
    return tokens;
  });
}

const arrivingPrompts = [700, 300, 900, 250];
const answerLength = 40;

export const fillStep = defineExercise({
  id: "12.4",
  title: "A scheduler of your own",
  points: 15,
  name: "fillStep",
  stub: `/**
 * Plans a step of at most \`budget\` tokens: one for each of the \`decoding\` answers, and what
 * is left for prompts, the oldest first. \`prompts\` are the tokens that each still lacks. How
 * many tokens of each prompt are computed?
 */
function fillStep(budget: number, decoding: number, prompts: number[]): number[] {
  return []; // your turn
}`,
  hints: [
    "Answers come first: what do they leave of the budget? Then walk through the prompts, and keep account of what is left.",
    "left = max(0, budget − decoding). For each prompt in turn take min(left, what it lacks), and subtract it from what is left.",
    `\`\`\`ts
function fillStep(budget: number, decoding: number, prompts: number[]): number[] {
  let left = Math.max(0, budget - decoding);
  return prompts.map((missing) => {
    const tokens = Math.min(left, missing);
    left -= tokens;
    return tokens;
  });
}
\`\`\``,
  ],
  reference: fill,
  checks: [
    {
      name: "cuts a long prompt at the budget",
      run: async (plan) =>
        expectEqual(await plan(512, 0, [700]), [512], { hint: "the rest comes in the next step" }),
    },
    {
      name: "gives answers their tokens first",
      run: async (plan) =>
        expectEqual(await plan(512, 12, [700]), [500], {
          hint: "12 answers take 12 tokens of the budget",
        }),
    },
    {
      name: "goes on with the next prompt when one is complete",
      run: async (plan) =>
        expectEqual(await plan(512, 2, [110, 300, 500]), [110, 300, 100], {
          hint: "the oldest first, until nothing is left",
        }),
    },
    {
      name: "computes nothing when answers use up the budget",
      run: async (plan) =>
        expectEqual(await plan(16, 20, [100]), [0], { hint: "no prompt gets a negative piece" }),
    },
    {
      name: "drives a server in as many steps as the library's chunked prefill",
      run: async (plan) => {
        const steps = simulate({
          deployment,
          requests: requests(
            arrivingPrompts.map((promptTokens) => ({
              arrival: 0,
              promptTokens,
              outputTokens: answerLength,
            })),
          ),
          policy: chunkedPrefill({ budget: 256 }),
          jumps: false,
        }).steps;
        expectNumber(await drive(plan), steps, {
          unit: "steps",
          hint: "four prompts at once and 40 tokens for each answer, 256 tokens a step",
        });
      },
    },
  ],
  mistakes: [
    {
      title: "forgets the answers",
      answer: (budget, _decoding, prompts) => fill(budget, 0, prompts),
      caught: "12 answers take 12 tokens",
    },
    {
      title: "gives the whole budget to every prompt",
      answer: (budget, decoding, prompts) =>
        prompts.map((missing) => Math.min(missing, Math.max(0, budget - decoding))),
      caught: "until nothing is left",
    },
    {
      title: "shares the budget evenly",
      answer: (budget, decoding, prompts) => {
        const each = Math.floor(Math.max(0, budget - decoding) / prompts.length);
        return prompts.map((missing) => Math.min(each, missing));
      },
      caught: "until nothing is left",
    },
    {
      title: "computes whole prompts only",
      answer: (budget, decoding, prompts) => {
        let left = budget - decoding;
        return prompts.map((missing) => {
          if (missing > left) return 0;
          left -= missing;
          return missing;
        });
      },
      caught: "the rest comes in the next step",
    },
    {
      title: "goes below nothing",
      answer: (budget, decoding, prompts) => {
        let left = budget - decoding;
        return prompts.map((missing) => {
          const tokens = Math.min(left, missing);
          left -= tokens;
          return tokens;
        });
      },
      caught: "no prompt gets a negative piece",
    },
  ],
});

/** Steps until four prompts are read and answered, when an answer plans them. */
async function drive(
  plan: (budget: number, decoding: number, prompts: number[]) => Promise<number[]>,
): Promise<number> {
  const missing = [...arrivingPrompts];
  const answered = missing.map(() => 0);
  let steps = 0;
  while (answered.some((tokens) => tokens < answerLength)) {
    expectThat(++steps < 200, "the server is not done after 200 steps: some prompt is never read");
    const decoding = answered.map((tokens) => tokens > 0 && tokens < answerLength);
    const waiting = missing.map((_, at) => at).filter((at) => missing[at]! > 0);
    const tokens = waiting.length === 0
      ? []
      : await plan(256, decoding.filter(Boolean).length, waiting.map((at) => missing[at]!));
    expectThat(
      decoding.some(Boolean) || tokens.some((count) => count > 0),
      "nobody decodes and no prompt is computed: the server stands still",
    );
    decoding.forEach((decodes, at) => decodes && answered[at]!++);
    waiting.forEach((at, index) => {
      missing[at]! -= tokens[index] ?? 0;
      if (missing[at]! <= 0) answered[at] = 1;
    });
  }
  return steps;
}
