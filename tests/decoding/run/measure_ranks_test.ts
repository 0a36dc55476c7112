import { assertAlmostEquals, assertThrows } from "@std/assert";
import { candidateLaw, measureRanks } from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";

Deno.test("measureRanks() comes to the mean of the exact chances", () => {
  const places = [
    { target: [0.1, 0.2, 0.7], draft: [0.5, 0.3, 0.2] },
    { target: [0.4, 0.4, 0.2], draft: [0.3, 0.3, 0.4] },
  ];
  const measured = measureRanks(places, { count: 2 }, 10_000, seeded(1));
  const exact = places.map(({ target, draft }) =>
    candidateLaw(target, draft, { count: 2 }).acceptance
  );
  measured.forEach((share, rank) =>
    assertAlmostEquals(share, (exact[0]![rank]! + exact[1]![rank]!) / 2, 0.02)
  );
});

Deno.test("measureRanks() needs places, draws and candidates", () => {
  const places = [{ target: [1], draft: [1] }];
  assertThrows(() => measureRanks([], { count: 1 }, 1, seeded(1)), RangeError, "places");
  assertThrows(() => measureRanks(places, { count: 1 }, 0, seeded(1)), RangeError, "the draws");
  assertThrows(() => measureRanks(places, { count: 0 }, 1, seeded(1)), RangeError, "the count");
});
