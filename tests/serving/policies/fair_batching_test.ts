import { assert, assertThrows } from "@std/assert";
import {
  CountedBlocks,
  fairBatching,
  pagedBatching,
  requests,
  simulate,
  swapInBlocks,
} from "@fewer-bytes/serving";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";
import { chat, llama } from "../setups.ts";

const { model } = llama.deployment;
const path = {
  bytesPerToken: cacheBytesPerToken(model),
  layers: 32,
  bandwidth: 32e9,
  launch: 5e-6,
};

Deno.test("fairBatching() gives two that cannot run together their tokens in turn", () => {
  const both = requests(
    [0, 1e-6].map((arrival) => ({ arrival, promptTokens: 160, outputTokens: 400 })),
  );
  const memory = () => new CountedBlocks(50, 16); // 800 tokens; one takes 560
  const run = (policy: ReturnType<typeof pagedBatching>) =>
    simulate({ deployment: llama, requests: both, policy, memory: memory() });
  const [fair, greedy] = [run(fairBatching({ interval: 20 })), run(pagedBatching())];
  const gap = ({ columns: { finished } }: typeof fair) => Math.abs(finished[1]! - finished[0]!);
  assert(fair.swaps.count >= 10);
  assert(gap(fair) < 0.5 * gap(greedy), `${gap(fair)} ${gap(greedy)}`);
});

Deno.test("fairBatching() pays for context switches, and less so with larger copies and overlap", () => {
  const traffic = chat(150, 40);
  const run = (blocksPerCopy: number, overlaps: boolean) =>
    simulate({
      deployment: llama,
      requests: traffic,
      policy: fairBatching({ interval: 10, overlaps }),
      memory: new CountedBlocks(1000, 16),
      swapTime: swapInBlocks({ ...path, blocksPerCopy }),
    });
  const [scattered, grouped, hidden] = [run(1, false), run(20, false), run(20, true)];
  assert(scattered.swaps.count > 100);
  assert(grouped.timeBetweenTokens.p99 < scattered.timeBetweenTokens.p99 / 1.4);
  assert(hidden.latency.mean < grouped.latency.mean);
});

Deno.test("fairBatching() refuses an interval that is none", () => {
  assertThrows(() => fairBatching({ interval: 0 }), RangeError, "the interval");
});
