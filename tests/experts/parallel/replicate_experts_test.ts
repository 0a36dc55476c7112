import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { imbalance, replicateExperts } from "@fewer-bytes/experts";
import fc from "fast-check";

// Loads of the example in the README of deepseek-ai/EPLB; copies as its replicate_experts() gave them on PyTorch.
Deno.test("replicateExperts() copies the experts that EPLB copies", () => {
  const loads = [
    [90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86],
    [20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27],
  ];
  const copies = loads.map((row) => replicateExperts(row, 16, 8).copies);
  assertEquals(copies, [[1, 2, 1, 1, 2, 2, 1, 1, 1, 1, 2, 1], [
    1,
    1,
    1,
    1,
    1,
    2,
    2,
    2,
    2,
    1,
    1,
    1,
  ]]);
});

const loadsOf = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 4 });

Deno.test("no other way to give out spare slots makes the fullest copy lighter", () => {
  fc.assert(fc.property(loadsOf, fc.integer({ min: 0, max: 4 }), (loads, spare) => {
    let least = Infinity;
    const walk = (expert: number, left: number, fullest: number) => {
      if (expert === loads.length) {
        least = Math.min(least, fullest);
        return;
      }
      for (let more = 0; more <= left; more++) {
        walk(expert + 1, left - more, Math.max(fullest, loads[expert]! / (1 + more)));
      }
    };
    walk(0, spare, 0);
    const { copies } = replicateExperts(loads, loads.length + spare, 1);
    assertAlmostEquals(Math.max(...loads.map((load, at) => load / copies[at]!)), least, 1e-9);
  }));
});

Deno.test("replicateExperts() fills each slot once and loses no token", () => {
  const many = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 16 });
  fc.assert(fc.property(many, fc.integer({ min: 1, max: 4 }), (loads, devices) => {
    const slots = devices * Math.ceil((loads.length + 3) / devices);
    const plan = replicateExperts(loads, slots, devices);
    assert(plan.devices.every((held) => held.length === slots / devices));
    const standing = plan.devices.flat();
    plan.copies.forEach((count, expert) =>
      assertEquals(standing.filter((one) => one === expert).length, count)
    );
    const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    assertAlmostEquals(sum(plan.loads), sum(loads), 1e-6);
  }));
});

Deno.test("32 spare copies for 256 skewed experts even out 32 devices", () => {
  const loads = Array.from({ length: 256 }, (_, expert) => 1e6 * (expert + 1) ** -0.9);
  const before = imbalance(replicateExperts(loads, 256, 32).loads);
  const after = imbalance(replicateExperts(loads, 288, 32).loads);
  assert(before > 2 && after < 1.1, `${before} becomes ${after}`);
  assertThrows(() => replicateExperts([1, 2, 3], 2, 1), RangeError, "the slots");
  assertThrows(() => replicateExperts([1, 2, 3], 4, 3), RangeError, "divide evenly");
});
