import { assert, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { randomHadamard } from "@fewer-bytes/quantization";
import { lengthOf, turn, turnBack } from "../../../lib/cache/fewer_bits/stored_vectors.ts";
import { gap } from "./runs.ts";

Deno.test("lengthOf() gives the length, and what 16 bits keep of it", () => {
  assertEquals(lengthOf(Float32Array.of(3, 4)), { length: 5, stored: 5 });
  const { length, stored } = lengthOf(Float32Array.of(0.1));
  assert(length !== stored && Math.f16round(length) === stored);
  assertThrows(() => lengthOf(Float32Array.of(70_000)), RangeError, "must fit a 16-bit float");
});

Deno.test("turnBack() undoes turn(), which is a product with the rotation", () => {
  const rotation = randomHadamard(4, seeded(1));
  const x = Float32Array.of(1, 2, 3, 5);
  const turned = new Float64Array(4);
  turn(rotation, x, turned);
  const first = x.reduce((sum, value, i) => sum + value * rotation.get(i, 0), 0);
  assert(Math.abs(turned[0]! - first) < 1e-12);
  const back = new Float32Array(4);
  turnBack(rotation, turned, back);
  assert(gap(back, x) < 1e-6);
});
