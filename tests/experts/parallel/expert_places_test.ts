import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { expertPlaces, route } from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";

/** The mean number of places over all sets of k experts, each place of `size`. */
function counted(experts: number, k: number, size: number): number {
  let sum = 0, sets = 0;
  const walk = (next: number, chosen: readonly number[]) => {
    if (chosen.length === k) {
      sum += new Set(chosen.map((expert) => Math.floor(expert / size))).size;
      sets++;
      return;
    }
    for (let expert = next; expert < experts; expert++) walk(expert + 1, [...chosen, expert]);
  };
  walk(0, []);
  return sum / sets;
}

Deno.test("expertPlaces() is the mean over all sets of experts", () => {
  for (const [experts, k, places] of [[12, 3, 4], [12, 4, 3], [8, 2, 8], [9, 1, 3]] as const) {
    const { reached, sent } = expertPlaces({ experts, expertsPerToken: k, places });
    assertAlmostEquals(reached, counted(experts, k, experts / places), 1e-9);
    assertAlmostEquals(sent / reached, 1 - 1 / places, 1e-12);
  }
  const limited = expertPlaces({ experts: 12, expertsPerToken: 3, places: 4, limit: 2 });
  assertAlmostEquals(limited.reached, counted(6, 3, 3), 1e-9);
});

Deno.test("a router of random scores reaches as many places, and with a limit nearly all that it may", () => {
  const random = seeded(1);
  const rule = { expertsPerToken: 8, scores: "sigmoid" } as const;
  const groups = { count: 8, kept: 4 };
  let free = 0, bound = 0;
  const tokens = 1500;
  for (let token = 0; token < tokens; token++) {
    const logits = Array.from({ length: 256 }, () => random.normal());
    const places = (experts: readonly number[]) =>
      new Set(experts.map((expert) => Math.floor(expert / 32))).size;
    free += places(route(logits, rule).experts);
    bound += places(route(logits, { ...rule, groups }).experts);
  }
  const layer = { experts: 256, expertsPerToken: 8, places: 8 };
  assertAlmostEquals(free / tokens, expertPlaces(layer).reached, 0.08);
  assertAlmostEquals(bound / tokens, 3.96, 0.03);
  assert(bound / tokens > expertPlaces({ ...layer, limit: 4 }).reached);
});

Deno.test("expertPlaces() refuses places that do not divide, and a limit that leaves too few", () => {
  const layer = { experts: 16, expertsPerToken: 4, places: 8 };
  assertThrows(() => expertPlaces({ ...layer, places: 5 }), RangeError, "5 of 5 equal places");
  assertThrows(() => expertPlaces({ ...layer, limit: 1 }), RangeError, "1 of 8 equal places");
  assertThrows(() => expertPlaces({ ...layer, limit: 9 }), RangeError, "9 of 8");
});
