import { assert, assertEquals, assertThrows } from "@std/assert";
import { auditBlocks } from "@fewer-bytes/paging";
import {
  AddressedBlocks,
  CountedBlocks,
  fairBatching,
  pagedBatching,
  prefixOwner,
  simulate,
  Simulation,
} from "@fewer-bytes/serving";
import { chat, llama } from "../setups.ts";

const setups = () => [
  { requests: chat(150, 40), policy: pagedBatching() },
  { requests: chat(150, 40), policy: fairBatching({ interval: 10 }) },
  {
    requests: chat(150, 40, { prefixes: { count: 5, tokens: 500 } }),
    policy: pagedBatching({ order: "longest prefix" }),
  },
];

Deno.test("a simulation with AddressedBlocks is the one with CountedBlocks, evictions and prefixes included", () => {
  for (const setup of setups()) {
    const [counted, addressed] = [new CountedBlocks(1000, 16), new AddressedBlocks(1000, 16)].map(
      (memory) => simulate({ deployment: llama, ...setup, memory }),
    );
    assert(counted!.preemptions > 0, setup.policy.name);
    assertEquals(addressed, counted);
  }
});

Deno.test("AddressedBlocks agrees with the audit of its allocator in the middle of a simulation, and at its end", () => {
  for (const setup of setups()) {
    const memory = new AddressedBlocks(1000, 16);
    const simulation = new Simulation({ deployment: llama, ...setup, memory });
    let more = true;
    while (more) {
      more = simulation.advance(30);
      assertEquals(auditBlocks(memory.allocator, memory.owners()), []);
    }
    // Beginnings stay for those who may come.
    const kept = Array.from({ length: 5 }, (_, prefix) => memory.blocksOf(prefixOwner(prefix)));
    assertEquals(memory.total - memory.free, kept.flat().length);
  }
});

Deno.test("AddressedBlocks takes all or nothing, and gives back the last blocks of an owner", () => {
  const memory = new AddressedBlocks(6, 16);
  assert(memory.take(4, 7));
  assert(!memory.take(3, 8));
  assertEquals(memory.free, 2);
  memory.give(1, 7);
  memory.hand(2, 7, prefixOwner(0));
  assertEquals([memory.blocksOf(7), memory.blocksOf(prefixOwner(0))], [[2], [0, 1]]);
  assertThrows(() => memory.give(2, 7), RangeError, "7 must have them: it has 1");
  assertThrows(() => new AddressedBlocks(0), RangeError, "blocks must be");
});
