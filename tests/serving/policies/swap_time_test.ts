import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";
import {
  AddressedBlocks,
  fairBatching,
  simulate,
  swapByRuns,
  swapInBlocks,
  type SwapTime,
} from "@fewer-bytes/serving";
import { chat, llama } from "../setups.ts";

const path = {
  bytesPerToken: cacheBytesPerToken(llama.deployment.model),
  layers: 32,
  bandwidth: 32e9,
  launch: 5e-6,
};

Deno.test("swapInBlocks() waits for the host when blocks are scattered, for the link when they are not", () => {
  const bytes = 1600 * path.bytesPerToken;
  assertAlmostEquals(swapInBlocks(path)(1600), 2 * 32 * 100 * 5e-6, 1e-12);
  assertAlmostEquals(swapInBlocks({ ...path, blocksPerCopy: 100 })(1600), bytes / 32e9, 1e-12);
  assertThrows(() => swapInBlocks({ ...path, bandwidth: 0 }), RangeError, "the bandwidth");
  assertThrows(() => swapInBlocks({ ...path, blocksPerCopy: 0 }), RangeError, "blocksPerCopy");
});

Deno.test("swapByRuns() lies between one copy for each block and one copy for all, and churn scatters", () => {
  const memory = new AddressedBlocks(1000, 16);
  const real = swapByRuns(path, memory);
  const [scattered, whole] = [1, 1000].map((blocksPerCopy) =>
    swapInBlocks({ ...path, blocksPerCopy })
  ) as [SwapTime, SwapTime];
  let [moves, runs, blocks] = [0, 0, 0];
  simulate({
    deployment: llama,
    requests: chat(150, 40),
    policy: fairBatching({ interval: 10 }),
    memory,
    swapTime: (tokens, request) => {
      const seconds = real(tokens, request);
      assert(seconds <= scattered(tokens) + 1e-12 && seconds >= whole(tokens) - 1e-12);
      moves++;
      runs += memory.runsOf(request!, tokens);
      blocks += memory.blocksOf(request!).length;
      return seconds;
    },
  });
  assert(moves > 100);
  assert(runs > 3 * moves && runs < blocks, `${runs} runs of ${blocks} blocks in ${moves} moves`);
});
