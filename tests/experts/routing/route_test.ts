import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { route, routeTokens, type RoutingRule } from "@fewer-bytes/experts";
import { Matrix } from "@fewer-bytes/numeric";
import fc from "fast-check";
import golden from "./router_vectors.json" with { type: "json" };

const inputs = Matrix.from(golden.inputs), router = Matrix.from(golden.weights);
const logitsOf = (bias?: readonly number[]) =>
  inputs.multiply(router.transpose()).toRows()
    .map((row) => row.map((logit, expert) => logit + (bias?.[expert] ?? 0)));

function assertRoutes(
  logits: number[][],
  rule: RoutingRule,
  indices: number[][],
  weights: number[][],
): void {
  logits.forEach((row, token) => {
    const routed = route(row, rule);
    const wanted = new Map(indices[token]!.map((expert, at) => [expert, weights[token]![at]!]));
    assertEquals(new Set(routed.experts), new Set(wanted.keys()));
    routed.experts.forEach((expert, at) =>
      assertAlmostEquals(routed.weights[at]!, wanted.get(expert)!, 2e-6)
    );
  });
}

// router_vectors.json: random inputs and weights, rounded, through the routers of transformers 4.57.1 on PyTorch:
// DeepseekV3TopkRouter (4 groups, 2 kept, scale 2.5, normalized), GptOssTopKRouter (the bias is a part of its logits), and
// the lines of MixtralSparseMoeBlock and Qwen2MoeSparseMoeBlock without normalization; 3 of 12 experts.
Deno.test("route() gives the experts and weights of DeepSeek-V3's own router", () => {
  const { indices, weights } = golden.deepseek;
  const rule = {
    expertsPerToken: 3,
    scores: "sigmoid",
    scale: 2.5,
    bias: golden.bias,
    groups: { count: 4, kept: 2 },
  } as const;
  assertRoutes(logitsOf(), rule, indices, weights);
  assertEquals(routeTokens(inputs, router, rule).map(({ experts }) => new Set(experts)), [
    ...indices.map((row) => new Set(row)),
  ]);
});

Deno.test("route() gives the experts and weights of Mixtral's, Qwen2's and gpt-oss' routers", () => {
  const { mixtral, qwen2, gptoss } = golden;
  assertRoutes(logitsOf(), { expertsPerToken: 3 }, mixtral.indices, mixtral.weights);
  const plain = { expertsPerToken: 3, normalized: false };
  assertRoutes(logitsOf(), plain, qwen2.indices, qwen2.weights);
  assertRoutes(logitsOf(golden.bias), { expertsPerToken: 3 }, gptoss.indices, gptoss.scores);
});

const logits = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), {
  minLength: 12,
  maxLength: 12,
});

Deno.test("route() finds no better set of experts in a search over all of them", () => {
  fc.assert(fc.property(logits, (row) => {
    const { experts, weights } = route(row, { expertsPerToken: 2 });
    let most = -Infinity;
    for (let a = 0; a < 12; a++) {
      for (let b = 0; b < a; b++) most = Math.max(most, row[a]! + row[b]!);
    }
    // Scores far below the best vanish in the softmax; then their order does not matter, nor their sum.
    const lost = most - experts.reduce((sum, expert) => sum + row[expert]!, 0);
    assert(lost < 1e-9 || weights[1]! < 1e-12);
    assertAlmostEquals(weights.reduce((a, b) => a + b, 0), 1, 1e-12);
  }));
});

Deno.test("route() with groups stays in the best of them, and without a limit changes nothing", () => {
  fc.assert(fc.property(logits, fc.integer({ min: 1, max: 4 }), (row, kept) => {
    const rule = { expertsPerToken: 3, scores: "sigmoid" } as const;
    const { experts } = route(row, { ...rule, groups: { count: 4, kept, best: 1 } });
    const groups = new Set(experts.map((expert) => Math.floor(expert / 3)));
    assert(groups.size <= kept && new Set(experts).size === 3);
    if (kept === 4) assertEquals(experts, route(row, rule).experts);
    // The best expert of all is in the best group, whatever the limit.
    assertEquals(experts[0], route(row, rule).experts[0]);
  }));
});

Deno.test("route() refuses logits that are none, too many experts, and groups that hold too few", () => {
  const two = { expertsPerToken: 2 };
  assertThrows(() => route([1, NaN], two), RangeError, "that of expert 1 is NaN");
  assertThrows(() => route([1], two), RangeError, "must be <= the 1 experts: current value is 2");
  assertThrows(() => route([1, 2, 3], { ...two, bias: [0] }), TypeError, "a bias for each of 3");
  assertThrows(() => route([1, 2, 3], { ...two, scale: 0 }), RangeError, "the scale");
  const groups = { count: 4, kept: 1 };
  assertThrows(() => route([1, 2, 3, 4], { ...two, groups }), RangeError, "1 of 4 equal groups");
  assertThrows(() => route([], two), RangeError, "the number of experts");
});
