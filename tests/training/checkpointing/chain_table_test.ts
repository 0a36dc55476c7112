import { assertEquals, assertThrows } from "@std/assert";
import { optimalSchedule, replay, uniformChain } from "@fewer-bytes/training";
import { solveChain } from "../../../lib/training/checkpointing/chain_table.ts";

Deno.test("one table holds the optimum of every smaller memory", () => {
  const chain = uniformChain(12, { forward: 2, backward: 3, input: 1, tape: 3 });
  const table = solveChain(chain, 36, 1);
  for (let slots = 0; slots <= 36; slots++) {
    const alone = optimalSchedule(chain, slots, 1);
    assertEquals(table.seconds(slots), alone?.seconds ?? Infinity);
    if (alone) assertEquals(replay(chain, table.operations(slots)).seconds, alone.seconds);
  }
});

Deno.test("units that are none are refused", () => {
  assertThrows(() => solveChain(uniformChain(2), 1, -1), RangeError, "the unit");
});
