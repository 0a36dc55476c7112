import { assert, assertEquals, assertThrows } from "@std/assert";
import { turboQuant, turboQuantProduct } from "@fewer-bytes/cache";
import { seeded } from "@fewer-bytes/numeric";

const dimension = 16;
const random = seeded(1);
const vector = Float32Array.from({ length: dimension }, () => random.normal());
const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Mean and standard error of ⟨q, x̂⟩ over many projections. */
function products(bits: number, query: Float32Array) {
  const draws = Array.from(
    { length: 600 },
    () => dot(query, turboQuantProduct(bits, dimension, { random }).roundTrip(vector)),
  );
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
  return { mean, error: Math.sqrt(variance / draws.length) };
}

Deno.test("turboQuantProduct() estimates products without bias, where codes alone come out small", () => {
  // The query is the vector itself, where the shortening of codes shows most.
  const truth = dot(vector, vector);
  for (const bits of [1, 2]) {
    const { mean, error } = products(bits, vector);
    assert(Math.abs(mean - truth) < 4 * error, `${mean} ± ${error} is not ${truth}`);
  }
  const codes = dot(vector, turboQuant(2, dimension).roundTrip(vector));
  assert(codes < 0.95 * truth, `${codes} of ${truth}`);
});

Deno.test("turboQuantProduct() is unbiased for another query too", () => {
  const query = Float32Array.from({ length: dimension }, () => random.normal());
  const { mean, error } = products(2, query);
  assert(Math.abs(mean - dot(query, vector)) < 4 * error);
});

Deno.test("turboQuantProduct() gives zeros back, and counts its lengths", () => {
  const format = turboQuantProduct(2, dimension);
  assertEquals([...format.roundTrip(new Float32Array(dimension))], new Array(dimension).fill(0));
  assertEquals(format.bitsPerValue, 2 + 32 / 16);
  assertEquals(turboQuantProduct(1, dimension).bitsPerValue, 1 + 16 / 16);
});

Deno.test("turboQuantProduct() refuses rows that are not whole vectors, and other bits", () => {
  assertThrows(() => turboQuantProduct(1, 4).roundTrip(new Float32Array(6)), RangeError, "4");
  assertThrows(() => turboQuantProduct(0, 4), RangeError, "bits");
  assertThrows(() => turboQuantProduct(9, 4), RangeError, "bits must be at most 8");
});
