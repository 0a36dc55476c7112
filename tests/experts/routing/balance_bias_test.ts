import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { balanceBias, expertLoads, imbalance, route } from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";

Deno.test("balanceBias() evens out the loads of a router that has favorites", () => {
  const random = seeded(11);
  const favor = Array.from({ length: 16 }, (_, expert) => 1.5 - expert / 5);
  let bias: number[] = favor.map(() => 0);
  const step = () => {
    const routed = Array.from({ length: 200 }, () => {
      const logits = favor.map((liking) => liking + random.normal());
      return route(logits, { expertsPerToken: 2, scores: "sigmoid", bias });
    });
    return expertLoads(routed, 16);
  };
  const before = imbalance(step());
  for (let turn = 0; turn < 150; turn++) bias = balanceBias(bias, step(), 0.01);
  const after = imbalance(step());
  assert(before > 3 && after < 1.6, `${before} becomes ${after}`);
});

Deno.test("balanceBias() moves each by one step, and none at the mean", () => {
  const moved = balanceBias([1, 1, 1], [3, 2, 1], 0.25);
  [0.75, 1, 1.25].forEach((bias, expert) => assertAlmostEquals(moved[expert]!, bias, 1e-12));
  assertThrows(() => balanceBias([0], [1, 2]), TypeError, "each of 1 biases");
  assertThrows(() => balanceBias([0], [1], 0), RangeError, "the step");
});
