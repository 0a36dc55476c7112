import { seeded } from "@fewer-bytes/numeric";
import {
  BlockAllocator,
  BlockCounter,
  BlockTable,
  drawLengths,
  RadixTree,
  shareGpt,
  simulatePaging,
  simulateReservation,
  templatePrompts,
} from "@fewer-bytes/paging";

const requests = drawLengths(shareGpt, 1000, seeded(1));
const tokens = requests.reduce((sum, { prompt, output }) => sum + prompt + output, 0);

const growing = `1,000 requests of ShareGPT's lengths, ${tokens} tokens, token by token`;
Deno.bench("counting blocks", { group: growing, baseline: true }, () => {
  const memory = new BlockCounter(1000, 16);
  for (const { prompt, output } of requests) {
    memory.grow(0, prompt);
    for (let length = prompt; length < prompt + output; length++) memory.grow(length, length + 1);
    memory.release(prompt + output);
  }
});
Deno.bench("block tables", { group: growing }, () => {
  const allocator = new BlockAllocator(1000, 16);
  for (const { prompt, output } of requests) {
    const table = new BlockTable(allocator);
    for (let token = 0; token < prompt + output; token++) table.append();
    table.release();
  }
});

const blocks = "a million blocks, taken and released";
Deno.bench("the allocator alone", { group: blocks }, () => {
  const allocator = new BlockAllocator(1000, 16);
  for (let round = 0; round < 1000; round++) {
    for (let block = 0; block < 1000; block++) allocator.allocate();
    for (let block = 0; block < 1000; block++) allocator.release(block);
  }
});

const occupancy = "1,000 requests that wait for memory, step by step";
Deno.bench("reserving the maximum", { group: occupancy }, () => {
  simulateReservation(requests, { places: 15_700, policy: "maximum" });
});
Deno.bench("paging", { group: occupancy }, () => {
  simulatePaging(requests, { places: 15_700 });
});

const law = { templates: 50, templateTokens: 200, questionTokens: 50 };
const prompts = templatePrompts(law, 1000, seeded(2));
const places = new Int32Array(250);
const radix = "1,000 prompts of 250 tokens, matched, locked, inserted and unlocked";
for (const capacity of [4_000, 60_000]) {
  Deno.bench(`radix tree of ${capacity} tokens`, { group: radix }, () => {
    const tree = new RadixTree();
    for (const prompt of prompts) {
      const { node, tokens } = tree.match(prompt);
      tree.lock(node);
      tree.evict(tree.size + prompt.length - tokens - capacity);
      tree.insert(prompt, places);
      tree.unlock(node);
    }
  });
}
