import {
  antidiagonalMasses,
  bigBirdPattern,
  blockDensity,
  blockListAttention,
  blockListOf,
  everything,
  mobaBlocks,
  plainAttention,
  sinkPattern,
  topIndices,
  unionOf,
  windowPattern,
} from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const random = seeded(1);
const [n, d, blockSize] = [2048, 64, 64];
const normal = () => Matrix.zeros(n, d).map(() => random.normal());
const inputs = { queries: normal(), keys: normal(), values: normal() };
const grid = { queries: n, keys: n, blockSize };
const group = `${n} queries and keys of width ${d}, blocks of ${blockSize}`;

Deno.bench("dense, all scores stored", { group, baseline: true }, () => {
  plainAttention(inputs);
});
const patterns = {
  "all blocks": everything,
  "BigBird": bigBirdPattern({ blocks: n / blockSize }),
  "window of 5 blocks": windowPattern({ before: 2, after: 2 }),
  "sink and window of 2 blocks": unionOf(sinkPattern(1), windowPattern({ before: 1 })),
};
for (const [name, sees] of Object.entries(patterns)) {
  const list = blockListOf(sees, grid);
  const density = `${(100 * blockDensity(list)).toFixed(0)} % of the pairs`;
  Deno.bench(`${name}: ${density}`, { group }, () => void blockListAttention(inputs, list));
}

const choosing = `choosing blocks, ${n} queries of width ${d}`;
Deno.bench("antidiagonals, stride 8", { group: choosing }, () => {
  antidiagonalMasses(inputs, { blockSize, stride: 8 });
});
Deno.bench("antidiagonals, stride 16", { group: choosing }, () => {
  antidiagonalMasses(inputs, { blockSize, stride: 16 });
});
Deno.bench("MoBA, 4 blocks", { group: choosing }, () => {
  mobaBlocks(inputs, { blockSize, topK: 4 });
});

const scores = Float64Array.from({ length: 1024 }, () => random.normal());
Deno.bench("the largest 64 of 1,024 scores", () => void topIndices(scores, 64));
