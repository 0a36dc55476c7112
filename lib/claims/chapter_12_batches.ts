import { seeded } from "../numeric/mod.ts";
import { drawLengths, shareGpt, simulatePaging } from "../paging/mod.ts";
import { largestBatch, ridgePoint } from "../roofline/mod.ts";
import {
  AddressedBlocks,
  continuousBatching,
  CountedBlocks,
  fairBatching,
  logNormalLengths,
  makeRequests,
  poissonArrivals,
  type Policy,
  publicTraffic,
  type Requests,
  type ServingResult,
  simulate,
  staticBatching,
  swapInBlocks,
} from "../serving/mod.ts";
import { cacheBytesPerToken } from "../transformer/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const times = (factor: number) => `${factor.toFixed(2)} x`;
const blockSize = 16;
const blocksOnA10 = 2273;
const conversations = () => traffic("shareGpt", 150, 1, 4096);

/** Chapter 12, batches: who runs, who waits, and where their caches lie. */
export const chapter12Batches: readonly Derivation[] = [
  derive("a-batching-hits-capacity", {
    assumptions: () => [
      "Llama 3.1 8B in BF16 on H100 80 GB, of which 90 % may be filled; 32,000 tokens of prompt and 256 of answer",
      `with prompts of 1,000 tokens it is ${
        usersOverRidge(courseCatalog, 1000).toFixed(2)
      }: short contexts do reach the ridge`,
    ],
    by: [largestBatch, ridgePoint],
    relation: "at most",
    proxy: {
      computes:
        "users that fit, over users at which products with weights would wait for arithmetic",
      unit: "x",
      threshold: 1,
    },
    derived: (catalog) => usersOverRidge(catalog, 32_000),
  }),
  derive("a-continuous-batching-utilization", {
    assumptions: () => [
      "Llama 3.1 8B on H100, 600 requests at once with lengths as in Azure's conversations, 16 at a time; a perfect batch has the same number of equal requests of mean length",
      `static batches of the same requests reach ${
        percent(overPerfect(courseCatalog, staticBatching({ batch: 16 })))
      } of it; "close to" is read as: at least 90 %`,
    ],
    by: [simulate, continuousBatching, staticBatching],
    relation: "at least",
    proxy: {
      computes: "tokens a second of continuous batching over those of perfect batches",
      unit: "ratio",
      threshold: 0.9,
    },
    derived: (catalog) => overPerfect(catalog, continuousBatching({ batch: 16 })),
  }),
  derive("d-fastswitch-speedup", {
    assumptions: () => [
      "the gap between two tokens that 1 % exceed, Llama 3.1 8B on A10 with 2,273 blocks of 16 tokens, conversations of ShareGPT up to 4,096 tokens, one a second, which is more than it can serve; who got fewest tokens goes first, looked at every 25 steps",
      "caches move block by block before the next step, 5 µs to start each copy, PCIe 4.0 x16; against 20 blocks a copy, while the next step computes",
      `the time to the first token that 1 % exceed improves by ${
        times(switching(courseCatalog, ({ timeToFirstToken }) => timeToFirstToken.p99))
      }`,
    ],
    by: [simulate, fairBatching, swapInBlocks],
    derived: (catalog) => switching(catalog, ({ timeBetweenTokens }) => timeBetweenTokens.p99),
  }),
  derive("d-fastswitch-block-policy-waste", {
    assumptions: () => [
      "200 conversations of ShareGPT in 15,700 places: places in blocks of 16 that their owners do not fill, mostly of last blocks",
      `scattered: served fairly as above, a cache that is moved lies in ${scatter()} on average`,
    ],
    by: [simulatePaging, AddressedBlocks],
    derived: () => emptyPlaces(blockSize),
    otherwise: {
      condition: "a block holds one token, and so none is half empty",
      derived: () => emptyPlaces(1),
    },
  }),
];

/** Users that fit beside the weights, over users at which the weights are used as often as the ridge asks. */
function usersOverRidge({ model, hardware }: Catalog, promptTokens: number): number {
  const deployment = { model: model("llama-3.1-8b"), hardware: hardware("nvidia-h100-sxm") };
  return largestBatch(deployment, { promptTokens, outputTokens: 256 }) /
    ridgePoint(deployment.hardware, "bf16");
}

function traffic(name: keyof typeof publicTraffic, count: number, rate: number, maximum: number) {
  const { prompt, output } = publicTraffic[name];
  return makeRequests({
    count,
    arrivals: poissonArrivals(rate),
    prompt: logNormalLengths({ ...prompt, maximum }),
    output: logNormalLengths({ ...output, maximum: Math.min(2048, maximum) }),
  });
}

/** The throughput of a policy with different requests, over that of batches in which all are equal. */
function overPerfect({ model, hardware }: Catalog, policy: Policy): number {
  const deployment = { model: model("llama-3.1-8b"), hardware: hardware("nvidia-h100-sxm") };
  const mixed = traffic("azureConversation", 600, 1e6, 8192);
  const level = (column: Int32Array) =>
    column.map(() => Math.round(column.reduce((sum, tokens) => sum + tokens, 0) / column.length));
  const equal = {
    ...mixed,
    promptTokens: level(mixed.promptTokens),
    outputTokens: level(mixed.outputTokens),
  };
  const rate = (requests: Requests, policy: Policy) =>
    simulate({ deployment, requests, policy, memory: new CountedBlocks(20_000) }).tokensPerSecond;
  return rate(mixed, policy) / rate(equal, staticBatching({ batch: 16 }));
}

/** How many times smaller something gets when caches move in large pieces, beside the computation. */
function switching(
  { model, hardware }: Catalog,
  measure: (result: ServingResult) => number,
): number {
  const [llama, a10] = [model("llama-3.1-8b"), hardware("nvidia-a10")];
  const layers = llama.layers.reduce((sum, { count }) => sum + count, 0);
  const path = { bytesPerToken: cacheBytesPerToken(llama), layers, bandwidth: 32e9, launch: 5e-6 };
  const requests = conversations();
  const run = (blocksPerCopy: number, overlaps: boolean) =>
    measure(simulate({
      deployment: { model: llama, hardware: a10 },
      requests,
      policy: fairBatching({ interval: 25, overlaps }),
      memory: new CountedBlocks(blocksOnA10),
      swapTime: swapInBlocks({ ...path, blocksPerCopy }),
    }));
  return run(1, false) / run(20, true);
}

/** In how many pieces caches lie when they are moved. */
function scatter(): string {
  const memory = new AddressedBlocks(blocksOnA10);
  let [pieces, blocks, moves] = [0, 0, 0];
  simulate({
    deployment: {
      model: courseCatalog.model("llama-3.1-8b"),
      hardware: courseCatalog.hardware("nvidia-a10"),
    },
    requests: conversations(),
    policy: fairBatching({ interval: 25 }),
    memory,
    swapTime: (tokens, request = 0) => {
      pieces += memory.runsOf(request, tokens);
      blocks += Math.ceil(tokens / blockSize);
      moves++;
      return 0;
    },
  });
  return `${(pieces / moves).toFixed(0)} pieces of ${(blocks / moves).toFixed(0)} blocks`;
}

/** Places that are taken and hold no token, in percent of all that are taken. */
function emptyPlaces(blockSize: number): number {
  let [held, taken] = [0, 0];
  simulatePaging(drawLengths(shareGpt, 200, seeded(1)), {
    places: 15_700,
    blockSize,
    watch: (_, running) => {
      for (const { tokens, places } of running) {
        held += tokens;
        taken += places;
      }
    },
  });
  return 100 * (1 - held / taken);
}
