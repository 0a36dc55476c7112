import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { drawExperts, repeatDraws } from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";

Deno.test("drawExperts() draws one after another by the shares of those that are left", () => {
  const shares = [4, 3, 2, 1], draws = 60_000;
  const draw = drawExperts(shares, 2, seeded(5));
  const counts = new Map<string, number>();
  for (let turn = 0; turn < draws; turn++) {
    const pair = draw().join();
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  shares.forEach((first, a) =>
    shares.forEach((second, b) => {
      if (a === b) return assertEquals(counts.get(`${a},${b}`), undefined);
      const chance = first / 10 * second / (10 - first);
      assertAlmostEquals(counts.get(`${a},${b}`)! / draws, chance, 0.006);
    })
  );
});

Deno.test("drawExperts() never draws what nobody asks for", () => {
  const draw = drawExperts([1, 0, 1, 0], 2, seeded(1));
  for (let turn = 0; turn < 50; turn++) assertEquals(draw().toSorted((a, b) => a - b), [0, 2]);
  assertThrows(() => drawExperts([1, 0], 2, seeded(1)), RangeError, "the 1 experts");
  assertThrows(() => drawExperts([1, -1], 1, seeded(1)), RangeError, "a share");
});

Deno.test("repeatDraws() repeats the last with its chance", () => {
  let next = 0, repeats = 0, last = -1;
  const draw = repeatDraws(() => next++, 0.3, seeded(2));
  for (let turn = 0; turn < 20_000; turn++) {
    const value = draw();
    if (value === last) repeats++;
    assert(value === last || value === last + 1);
    last = value;
  }
  assertAlmostEquals(repeats / 20_000, 0.3, 0.015);
  assertThrows(() => repeatDraws(() => 1, 1, seeded(1)), RangeError, "below 1");
});
