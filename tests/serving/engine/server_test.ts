import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  CountedBlocks,
  phases,
  Plan,
  type RequestEntry,
  requests,
  Server,
  type ServingEvent,
  swapAt,
} from "@fewer-bytes/serving";

/** A server at which two requests wait, without a simulation around it. */
function two(blocks: number, more: Partial<RequestEntry> = {}) {
  const events: ServingEvent[] = [];
  const server = new Server(
    requests([0, 1].map((arrival) => ({ arrival, promptTokens: 40, outputTokens: 9, ...more }))),
    new CountedBlocks(blocks, 16),
    (tokens) => tokens / 100,
    new Plan(),
    (event) => events.push(event),
    true,
  );
  for (const request of [0, 1]) server.waiting.pushBack(request);
  return { server, told: () => events.map(({ kind }) => kind) };
}

Deno.test("Server.admit() takes the blocks of a prompt, or changes nothing when they are not there", () => {
  const { server, told } = two(5);
  assertEquals([server.admit(), server.memory.free], [0, 2]);
  assertEquals(server.phase[0], phases.prefilling);
  assertEquals([server.admit(), server.memory.free, server.waiting.length], [-1, 2, 1]);
  assertEquals(told(), ["admitted"]);
});

Deno.test("Server.admit() leaves spare blocks to those who run, but not to nobody", () => {
  const { server } = two(7);
  assertEquals([server.admit(0, 0, 5), server.memory.free], [0, 4]);
  assertEquals(server.admit(0, 0, 5), -1);
  assertEquals(server.admit(0, 0, 1), 1);
});

Deno.test("Server.evict() by swapping keeps the cache and times its move; a request comes back as it was", () => {
  const { server, told } = two(5);
  server.admit();
  server.cached[0] = 40;
  server.generated[0] = 1;
  server.evict(0, "swap");
  assertEquals([server.memory.free, server.runningCount, server.waiting.at(0)], [5, 0, 0]);
  assertEquals(server.admit(), 0);
  assertEquals([server.phase[0], server.missing(0)], [phases.decoding, 1]);
  assertAlmostEquals(server.plan.transfer, 2 * 40 / 100, 1e-12);
  assertEquals(told(), ["admitted", "swapped out", "preempted", "swapped in", "admitted"]);
});

Deno.test("Server.evict() by recomputing forgets the cache, and the answer so far is computed again", () => {
  const { server } = two(5);
  server.admit();
  server.cached[0] = 45;
  server.generated[0] = 5;
  server.evict(0, "recompute");
  assertEquals([server.admit(), server.missing(0), server.plan.transfer], [0, 45, 0]);
});

Deno.test("Server.decodeAll() sends away who came last when a block is missing", () => {
  const { server } = two(6);
  for (const request of [server.admit(), server.admit()]) {
    Object.assign(server.phase, { [request]: phases.decoding });
    server.cached[request] = 48; // three full blocks
  }
  server.decodeAll();
  assertEquals([...server.running.subarray(0, server.runningCount)], [0]);
  assert(server.plan.decodes && server.blocks[0] === 4);
});

Deno.test("Server finds a beginning that another published, and reads its blocks", () => {
  const { server } = two(6, { prefix: 3, prefixTokens: 32 });
  server.admit();
  server.cached[0] = 40;
  server.publishPrefix(0);
  assertEquals(server.admit(), 1);
  assertEquals([server.missing(1), server.memory.free], [8, 2]);
  server.release(1);
  assertEquals(server.memory.free, 3);
});

Deno.test("swapAt() moves at a bandwidth, and refuses one that is none", () => {
  assertEquals(swapAt(1000, 1e6)(500), 0.5);
  assertThrows(() => swapAt(1000, 0), RangeError, "the bandwidth");
});
