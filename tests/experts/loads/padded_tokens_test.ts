import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { drawExperts, evenChances, expertLoads, paddedTokens } from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";

Deno.test("paddedTokens() foretells the tiles that routed tokens fill", () => {
  const draw = drawExperts(new Float64Array(16).fill(1), 2, seeded(4));
  let rows = 0;
  const steps = 300, tokens = 100, tile = 8;
  for (let step = 0; step < steps; step++) {
    const routed = Array.from({ length: tokens }, () => ({ experts: draw() }));
    for (const load of expertLoads(routed, 16)) rows += Math.ceil(load / tile) * tile;
  }
  const found = paddedTokens(evenChances(16, 2), tokens, tile);
  assertAlmostEquals(found, rows / (steps * tokens * 2), 0.01);
});

Deno.test("paddedTokens() wastes nothing with tiles of one row, and nearly a whole tile for a token alone", () => {
  assertAlmostEquals(paddedTokens(evenChances(8, 2), 33, 1), 1, 1e-12);
  assertAlmostEquals(paddedTokens(evenChances(128, 8), 1, 64), 64, 1e-9);
  const wide = paddedTokens(evenChances(8, 2), 1024, 128);
  assert(wide < paddedTokens(evenChances(64, 16), 1024, 128) * 1.001); // as many tokens for each
  assert(wide < paddedTokens(evenChances(64, 2), 1024, 128)); // more experts, fewer tokens for each
  assertEquals(paddedTokens([1], 128, 128), 1);
  assertThrows(() => paddedTokens([1], 128, 0), RangeError, "the tile");
});
