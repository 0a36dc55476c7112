import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { partitionTraffic, stateBytes, zeroTraffic } from "@fewer-bytes/training";

// Frontier: two dies of an MI250X at 200 GB/s, four packages at 50 to 100 GB/s (Frontier User Guide), 25 GB/s of network
// for each package, half of it for each die.
const levels = (machines: number) => [
  { name: "dies", units: 2, bandwidth: 200e9 },
  { name: "packages", units: 4, bandwidth: 50e9 },
  { name: "machines", units: machines, bandwidth: 12.5e9 },
];
const parameters = 20e9;

Deno.test("dividing over all or no levels is ZeRO: the same bytes in all, and the same memory", () => {
  for (const machines of [1, 2, 48]) {
    const dataParallel = 8 * machines;
    const total = (weights: number) => {
      const plan = { name: "a plan", weights, gradients: 3 };
      const found = partitionTraffic(parameters, plan, levels(machines));
      return found.levels.reduce((sum, { bytes }) => sum + bytes, 0);
    };
    const zero = (stage: 2 | 3) => zeroTraffic(parameters, { stage, dataParallel }).total;
    assertAlmostEquals(total(3) / zero(3), 1, 1e-9);
    assertAlmostEquals(total(0) / zero(2), 1, 1e-9);
    const plan = { name: "ZeRO-3", weights: 3, gradients: 3 };
    const { memory } = partitionTraffic(parameters, plan, levels(machines));
    assertAlmostEquals(memory, stateBytes(parameters, { stage: 3, dataParallel }).total, 1);
  }
});

// ZeRO++ (2023): 3M between machines become 0.75M: half for eight-bit weights forward, nothing backward, a quarter for
// four-bit gradients.
Deno.test("ZeRO++ sends a quarter of ZeRO-3's bytes between machines", () => {
  const plus = {
    name: "ZeRO++",
    weights: 3,
    secondary: 2,
    gradients: 3,
    weightBytes: 1,
    gradientBytes: 0.5,
  };
  const between = (plan: Parameters<typeof partitionTraffic>[1]) =>
    partitionTraffic(parameters, plan, levels(48)).levels[2]!.bytes;
  const zero3 = { name: "ZeRO-3", weights: 3, gradients: 3 };
  assertAlmostEquals(between(plus) / between(zero3), 0.75 / 3, 1e-9);
});

Deno.test("weights divided between two dies come over the fastest links, and new ones once over all others", () => {
  const plan = { name: "three levels", weights: 1, gradients: 2 };
  const [dies, packages, machines] = partitionTraffic(parameters, plan, levels(2)).levels;
  // 40 GB of weights in halves, twice; gradients over all; new weights: a half of them, over the outer levels
  assertAlmostEquals(dies!.bytes, 20e9 + 20e9 + 20e9, 1);
  assertAlmostEquals(packages!.bytes, 15e9 + 15e9, 1);
  assertAlmostEquals(machines!.bytes, 2.5e9 + 2.5e9, 1);
});

Deno.test("plans trade memory for time on slow links", () => {
  const plans = [3, 2, 1].map((weights) =>
    partitionTraffic(parameters, { name: "a plan", weights, gradients: 3 }, levels(48))
  );
  assert(plans[0]!.memory < plans[1]!.memory && plans[1]!.memory < plans[2]!.memory);
  assert(plans[0]!.seconds > plans[1]!.seconds && plans[1]!.seconds > plans[2]!.seconds);
  const [row] = plans[0]!.levels;
  assertEquals(row!.seconds, row!.bytes / 200e9);
});

Deno.test("plans that name levels which are not there are refused", () => {
  const plan = { name: "a plan", weights: 4, gradients: 0 };
  assertThrows(
    () => partitionTraffic(1, plan, levels(2)),
    RangeError,
    "weights must be <= the levels",
  );
  const odd = { name: "a plan", weights: 1, secondary: 0.5, gradients: 0 };
  assertThrows(() => partitionTraffic(1, odd, levels(2)), RangeError, "secondary");
});
