import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { drawByShares, zipfShares } from "@fewer-bytes/paging";

Deno.test("zipfShares() add up to 1 and fall as a power of the rank", () => {
  for (const exponent of [0, 0.7, 1, 1.3]) {
    const shares = zipfShares(50, exponent);
    assertAlmostEquals(shares.reduce((a, b) => a + b, 0), 1, 1e-12);
    assertAlmostEquals(shares[0]! / shares[7]!, 8 ** exponent, 1e-9);
  }
  assertEquals([...zipfShares(1, 1)], [1]);
  assertThrows(() => zipfShares(0, 1), RangeError, "items");
  assertThrows(() => zipfShares(5, NaN), RangeError, "the exponent");
});

Deno.test("drawByShares() draws each item as often as its share says, and never one without", () => {
  const shares = [0.5, 0, 0.3, 0.2, 0];
  const draw = drawByShares(shares, seeded(1));
  const counts = [0, 0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) counts[draw()]!++;
  counts.forEach((count, item) => {
    if (shares[item] === 0) assertEquals(count, 0);
    else assert(Math.abs(count / 20_000 - shares[item]!) < 0.015);
  });
});
