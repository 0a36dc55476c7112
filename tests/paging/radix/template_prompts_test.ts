import { assert, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { distinctPrefixTokens, templatePrompts, zipfShares } from "@fewer-bytes/paging";

Deno.test("templatePrompts() begin with a template, as often as its share says, and end in tokens of their own", () => {
  const law = { templates: 5, templateTokens: 8, questionTokens: 3 };
  const prompts = templatePrompts(law, 2000, seeded(1));
  const counts = new Map<string, number>();
  for (const prompt of prompts) {
    assertEquals(prompt.length, 11);
    const template = prompt.subarray(0, 8).join();
    counts.set(template, (counts.get(template) ?? 0) + 1);
  }
  const shares = [...counts.values()].sort((a, b) => b - a).map((count) => count / 2000);
  zipfShares(5, 1).forEach((share, index) => assert(Math.abs(shares[index]! - share) < 0.03));
  assertEquals(distinctPrefixTokens(prompts), 5 * 8 + 2000 * 3);
});

Deno.test("templatePrompts() refuses numbers that are not whole", () => {
  const law = { templates: 5, templateTokens: 8, questionTokens: 3 };
  assertThrows(() => templatePrompts({ ...law, templates: 0 }, 1, seeded(1)), RangeError, "items");
  assertThrows(() => templatePrompts(law, NaN, seeded(1)), RangeError, "count");
  assertThrows(() => templatePrompts({ ...law, questionTokens: -1 }, 1, seeded(1)), RangeError);
});
