import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { visibleKeys, visiblePairs } from "@fewer-bytes/transformer";

/** Walks over every query and every key before it. */
function walk(newTokens: number, context: number, window: number): { pairs: number; keys: number } {
  let pairs = 0;
  const seen = new Set<number>();
  for (let query = context; query < context + newTokens; query++) {
    for (let key = 0; key <= query; key++) {
      if (query - key >= window) continue;
      pairs++;
      seen.add(key);
    }
  }
  return { pairs, keys: seen.size };
}

Deno.test("visiblePairs() and visibleKeys() agree with a walk over all pairs, with and without a window", () => {
  const count = fc.integer({ min: 1, max: 60 });
  const window = fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 90 }));
  fc.assert(
    fc.property(count, fc.integer({ min: 0, max: 80 }), window, (newTokens, context, window) => {
      const { pairs, keys } = walk(newTokens, context, window);
      assertEquals(visiblePairs(newTokens, context, window), pairs);
      assertEquals(visibleKeys(newTokens, context, window), keys);
    }),
  );
});

Deno.test("visiblePairs() of a prompt is the triangle n(n + 1)/2", () => {
  assertEquals(visiblePairs(8192, 0), 8192 * 8193 / 2);
});
