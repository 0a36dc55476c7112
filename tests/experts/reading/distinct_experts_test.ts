import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  distinctExperts,
  drawExperts,
  evenChances,
  pickChances,
  stepChanceFormula,
  stepChances,
} from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";
import { zipfShares } from "@fewer-bytes/paging";
import { expectedDistinctExperts } from "@fewer-bytes/transformer";
import fc from "fast-check";

Deno.test("distinctExperts() is expectedDistinctExperts() when all are alike", () => {
  for (const [E, k, T] of [[8, 2, 1], [128, 8, 64], [256, 8, 32], [32, 4, 0]] as const) {
    assertAlmostEquals(
      distinctExperts(evenChances(E, k), T),
      expectedDistinctExperts(E, k, T),
      1e-9,
    );
  }
});

Deno.test("distinctExperts() foretells the union of what skewed tokens draw", () => {
  const shares = zipfShares(64, 1.2);
  const draw = drawExperts(shares, 4, seeded(31));
  const chances = pickChances(shares, 4);
  for (const tokens of [2, 16, 100]) {
    let sum = 0;
    const steps = 400;
    for (let step = 0; step < steps; step++) {
      sum += new Set(Array.from({ length: tokens }, draw).flat()).size;
    }
    assertAlmostEquals(sum / steps / distinctExperts(chances, tokens), 1, 0.015);
  }
});

Deno.test("of all popularities the even one reads most, and no step reads more than there is", () => {
  const shares = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), {
    minLength: 4,
    maxLength: 12,
  });
  fc.assert(fc.property(shares, fc.integer({ min: 1, max: 50 }), (values, tokens) => {
    const read = distinctExperts(pickChances(values, 2), tokens);
    assert(read <= expectedDistinctExperts(values.length, 2, tokens) + 1e-9);
    assert(read >= 2 - 1e-9 && read <= values.length);
  }));
});

Deno.test("stepChances() computes what its formula prints", () => {
  const chance = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(chance, fc.integer({ min: 1, max: 500 }), (p, T) => {
    assertAlmostEquals(stepChances([p], T)[0]!, stepChanceFormula.evaluate({ p, T }), 1e-9);
  }));
  assertEquals([...stepChances([1, 0.5], 0)], [0, 0]);
  assertEquals(stepChances([1], 3)[0], 1);
  assertThrows(() => stepChances([1.1], 1), RangeError, "from 0 to 1: current value is 1.1");
  assertThrows(() => stepChances([NaN], 1), RangeError, "from 0 to 1");
  assertThrows(() => stepChances([0.5], -1), RangeError, "the tokens");
});
