import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  drawExperts,
  droppedTokens,
  evenChances,
  expertLoads,
  pickChances,
} from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";
import { zipfShares } from "@fewer-bytes/paging";

Deno.test("droppedTokens() is what all ways to throw five balls into three bins lose", () => {
  let lost = 0;
  for (let way = 0; way < 3 ** 5; way++) {
    const loads = [0, 0, 0];
    for (let ball = 0, rest = way; ball < 5; ball++, rest = Math.floor(rest / 3)) {
      loads[rest % 3]!++;
    }
    for (const load of loads) lost += Math.max(0, load - 2);
  }
  const chances = evenChances(3, 1);
  const { capacity, dropped } = droppedTokens({ chances, tokens: 5, capacityFactor: 1 });
  assertEquals(capacity, 2); // five thirds, rounded up
  assertAlmostEquals(dropped, lost / 3 ** 5 / 5, 1e-12);
});

Deno.test("droppedTokens() foretells what routed tokens lose, even or skewed", () => {
  const tokens = 96, experts = 16, k = 2;
  for (const exponent of [0, 0.7]) {
    const shares = zipfShares(experts, exponent);
    const draw = drawExperts(shares, k, seeded(17));
    for (const capacityFactor of [1, 1.25, 2]) {
      const layer = { chances: pickChances(shares, k), tokens, capacityFactor };
      const { capacity, dropped, filled } = droppedTokens(layer);
      let lost = 0;
      const steps = 300;
      for (let step = 0; step < steps; step++) {
        const routed = Array.from({ length: tokens }, () => ({ experts: draw() }));
        for (const load of expertLoads(routed, experts)) lost += Math.max(0, load - capacity);
      }
      assertAlmostEquals(dropped, lost / (steps * tokens * k), 0.006);
      assertAlmostEquals(filled * capacity * experts, (1 - dropped) * tokens * k, 1e-9);
    }
  }
});

Deno.test("droppedTokens() falls with places, down to none when all tokens fit", () => {
  const layer = { chances: evenChances(8, 2), tokens: 64 };
  const at = (capacityFactor: number) => droppedTokens({ ...layer, capacityFactor });
  assertEquals(at(1).capacity, 16);
  for (const factor of [0.5, 1, 1.5, 2]) assert(at(factor).dropped > at(factor + 0.5).dropped);
  assertEquals(at(4).dropped, 0);
  assertAlmostEquals(at(4).filled, 0.25, 1e-12);
  assertThrows(() => at(0), RangeError, "the capacity factor");
  assertThrows(() => droppedTokens({ ...layer, tokens: 0, capacityFactor: 1 }), RangeError);
});
