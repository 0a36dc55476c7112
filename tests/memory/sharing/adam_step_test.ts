import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { adamBytesFormula, adamStep, balancedShares } from "@fewer-bytes/memory";

const tiers = [
  { name: "DRAM", capacity: 1e12, bandwidth: 300e9 },
  { name: "CXL", capacity: 1e12, bandwidth: 50e9 },
];
const all = (shares: number[]) => ({
  parameters: shares,
  gradients: shares,
  momentum: shares,
  variance: shares,
});

Deno.test("Adam moves 28 bytes for a parameter and keeps 16", () => {
  const { traffic, footprint, seconds } = adamStep(1e9, tiers);
  assertEquals([traffic[0], footprint[0]], [28e9, 16e9]);
  assertEquals(adamBytesFormula.evaluate({ size: 4 }), 28);
  assertAlmostEquals(seconds, 28e9 / 300e9, 1e-12);
});

Deno.test("a step counts the reads and writes of Adam as it is written down", () => {
  // One parameter, tensors that count their accesses.
  let accesses = 0;
  const tensor = () =>
    new Proxy([1], {
      get: (target, key) => (accesses++, Reflect.get(target, key)),
      set: (target, key, value) => (accesses++, Reflect.set(target, key, value)),
    });
  const [p, g, m, v] = [tensor(), tensor(), tensor(), tensor()];
  const gradient = g![0]!;
  const first = m![0] = 0.9 * m![0]! + 0.1 * gradient;
  const second = v![0] = 0.999 * v![0]! + 0.001 * gradient ** 2;
  p![0] = p![0]! - 1e-3 * first / (Math.sqrt(second) + 1e-8);
  assertEquals(adamStep(1, tiers).traffic[0], 4 * accesses);
});

Deno.test("all on the card is slower by the ratio; interleaved in balance it is faster than DRAM alone", () => {
  const near = adamStep(1e9, tiers).seconds;
  assertAlmostEquals(adamStep(1e9, tiers, all([0, 1])).seconds / near, 6, 1e-9);
  assertAlmostEquals(adamStep(1e9, tiers, all([0.5, 0.5])).seconds / near, 3, 1e-9);
  assertAlmostEquals(
    adamStep(1e9, tiers, all(balancedShares(tiers))).seconds / near,
    300 / 350,
    1e-9,
  );
});

Deno.test("in turn adds up and is never faster than interleaved; gradients weigh least on the card", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (far) => {
    const placement = all([1 - far, far]);
    const [side, turn] = (["interleaved", "in turn"] as const).map((order) =>
      adamStep(1e9, tiers, placement, { order }).seconds
    );
    assertAlmostEquals(turn!, 28 * ((1 - far) / 300 + far / 50), 1e-9);
    if (side! > turn! + 1e-12) throw new Error(`${side} > ${turn}`);
  }));
  const moved = (name: string) =>
    adamStep(1e9, tiers, { ...all([1, 0]), [name]: [0, 1] }, { order: "in turn" }).seconds;
  assertEquals(moved("gradients") < moved("momentum"), true);
});

Deno.test("an optimizer step refuses what is none", () => {
  assertThrows(() => adamStep(-1, tiers), RangeError, "the parameters");
  assertThrows(() => adamStep(1, tiers, all([1])), TypeError, "each of 2 tiers");
  assertThrows(() => adamStep(1, tiers, all([0.5, 0.6])), RangeError, "add up to 1");
});
