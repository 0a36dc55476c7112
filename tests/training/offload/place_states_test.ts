import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { offloadSeconds, placeStates } from "@fewer-bytes/training";
import fc from "fast-check";

const tiers = [
  { name: "near", capacity: 10, bandwidth: 100 },
  { name: "far", capacity: 20, bandwidth: 10 },
  { name: "farthest", capacity: 100, bandwidth: 1 },
];

Deno.test("what moves most for its size lies nearest, and what does not fit is divided", () => {
  const placed = placeStates(
    { parameters: 4, activations: 8, optimizer: 32 },
    { parameters: 40, activations: 16, optimizer: 32 },
    tiers,
  );
  assertEquals(placed.map(({ what, tier, bytes }) => [what, tier.name, bytes]), [
    ["parameters", "near", 4],
    ["activations", "near", 6],
    ["activations", "far", 2],
    ["optimizer", "far", 18],
    ["optimizer", "farthest", 14],
  ]);
});

Deno.test("offloadSeconds() is each tier's share of the traffic over its bandwidth", () => {
  const traffic = { parameters: 40, activations: 16, optimizer: 32 };
  const placed = placeStates({ parameters: 4, activations: 8, optimizer: 32 }, traffic, tiers);
  const seconds = offloadSeconds(placed, traffic, "near");
  assertAlmostEquals(seconds.get("far")!, (16 * 2 / 8 + 32 * 18 / 32) / 10, 1e-12);
  assertAlmostEquals(seconds.get("farthest")!, 32 * 14 / 32 / 1, 1e-12);
  assertEquals(seconds.has("near"), false);
});

Deno.test("all is placed once, no tier is filled above its size, and no order of kinds is faster than by traffic", () => {
  const bytes = fc.integer({ min: 1, max: 40 });
  const three = fc.record({ parameters: bytes, activations: bytes, optimizer: bytes });
  fc.assert(fc.property(three, three, (sizes, traffic) => {
    const placed = placeStates(sizes, traffic, tiers);
    for (const [what, wanted] of Object.entries(sizes)) {
      const found = placed.reduce((sum, row) => sum + (row.what === what ? row.bytes : 0), 0);
      assertAlmostEquals(found, wanted, 1e-9);
    }
    for (const { name, capacity } of tiers) {
      const used = placed.reduce((sum, row) => sum + (row.tier.name === name ? row.bytes : 0), 0);
      assert(used <= capacity + 1e-9);
    }
    const total = (rows: typeof placed) =>
      [...offloadSeconds(rows, traffic, "none").values()].reduce((sum, value) => sum + value, 0);
    // Any other order: fill the tiers in it.
    const kinds = ["parameters", "activations", "optimizer"] as const;
    for (const [a, b, c] of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
      const room = tiers.map(({ capacity }) => capacity), rows: typeof placed = [];
      for (const what of [kinds[a!]!, kinds[b!]!, kinds[c!]!]) {
        let left = sizes[what];
        tiers.forEach((tier, index) => {
          const taken = Math.min(left, room[index]!);
          if (taken > 0) rows.push({ what, tier, bytes: taken });
          room[index]! -= taken;
          left -= taken;
        });
      }
      assert(total(placed) <= total(rows) + 1e-9);
    }
  }));
});

// ZeRO-Infinity, figure 1: 32 trillion parameters on 32 DGX-2 with 28 TB of SSDs each, at 20 bytes a parameter.
Deno.test("a trillion parameters fit the memories of one DGX-2, and two do not", () => {
  const machine = [
    { name: "HBM2", capacity: 16 * 32e9, bandwidth: 16 * 900e9 },
    { name: "DRAM", capacity: 1.5e12, bandwidth: 48e9 },
    { name: "SSDs", capacity: 28e12, bandwidth: 25e9 },
  ];
  const place = (parameters: number) =>
    placeStates(
      { parameters: 4 * parameters, activations: 0, optimizer: 16 * parameters },
      { parameters: 8 * parameters, activations: 0, optimizer: 32 * parameters },
      machine,
    );
  assert(place(1e12).length > 0);
  assertThrows(() => place(2e12), RangeError, "all memories together must hold");
});

Deno.test("a tier without bandwidth can hold, but not be timed", () => {
  const slow = [{ name: "tape", capacity: 100 }];
  const sizes = { parameters: 1, activations: 0, optimizer: 0 };
  const placed = placeStates(sizes, sizes, slow);
  assertThrows(() => offloadSeconds(placed, sizes, "near"), RangeError, "bandwidth of tape");
  assertThrows(
    () => placeStates({ ...sizes, optimizer: NaN }, sizes, slow),
    RangeError,
    "optimizer",
  );
});
