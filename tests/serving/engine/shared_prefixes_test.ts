import { assert, assertEquals } from "@std/assert";
import { CountedBlocks } from "@fewer-bytes/serving";
import { SharedPrefixes } from "../../../lib/serving/engine/shared_prefixes.ts";

Deno.test("SharedPrefixes throws away what was used longest ago, and nothing that is read", () => {
  const memory = new CountedBlocks(10, 16);
  const prefixes = new SharedPrefixes(memory);
  for (const prefix of [1, 2, 3]) {
    assert(memory.take(2) && prefixes.publish(prefix, 2));
    if (prefix !== 3) prefixes.leave(prefix);
  }
  assertEquals(prefixes.find(1, 100), 32); // and now 2 is the oldest
  assertEquals(prefixes.find(1, 20), 16); // whole blocks of what is asked
  prefixes.makeRoom(6);
  assertEquals([1, 2, 3].map((prefix) => prefixes.length(prefix)), [32, 0, 32]);
  prefixes.makeRoom(10);
  assertEquals([1, 2, 3].map((prefix) => prefixes.length(prefix)), [0, 0, 32]); // 3 is read
  assertEquals(memory.free, 8);
  assert(!prefixes.publish(3, 2), "it is here already");
});
