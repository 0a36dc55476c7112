import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  hybridCacheBytes,
  hybridOperators,
  hybridParameters,
  withStateSpace,
} from "@fewer-bytes/attention";
import { cacheBytesPerToken, operators, parameters } from "@fewer-bytes/transformer";
import { model, stateSpace, step } from "./hybrid_example.ts";

Deno.test("a stack that keeps all its attention is the transformer that it was", () => {
  const same = withStateSpace(model, 1, stateSpace);
  assertEquals(hybridOperators(same, step), operators(model, step));
  assertEquals(hybridParameters(same).total, parameters(model).total);
  assertEquals(hybridCacheBytes(same, 1000), 1000 * cacheBytesPerToken(model));
});

Deno.test("the cache grows with the attention layers that are left, and the states are there from the start", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(1e6), (every, context) => {
    const hybrid = withStateSpace(model, every, stateSpace);
    const start = hybridCacheBytes(hybrid, 0);
    const kept = Math.floor(32 / every);
    assertEquals(start, (32 - kept) * 2 * 8192 * (16 + 4));
    assertEquals(hybridCacheBytes(hybrid, context) - start, kept * context * 2 * 8 * 128 * 2);
  }));
});

Deno.test("withStateSpace() asks for a whole number of layers that share an attention layer", () => {
  assertThrows(() => withStateSpace(model, 0, stateSpace), RangeError, "every");
});
