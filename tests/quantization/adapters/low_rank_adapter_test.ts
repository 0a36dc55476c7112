import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded, singularValues } from "@fewer-bytes/numeric";
import { adaptedOutput, createAdapter, mergeAdapter } from "@fewer-bytes/quantization";
import { gaussian, trainedAdapter } from "./trained_adapter.ts";

Deno.test("createAdapter() changes nothing before it is trained", () => {
  const [weights, x] = [gaussian(5, 7, 1), gaussian(3, 7, 2)];
  const adapter = createAdapter({ outputs: 5, inputs: 7, rank: 2 }, seeded(3));
  assertEquals(
    adaptedOutput(weights, adapter, x).toRows(),
    x.multiply(weights.transpose()).toRows(),
  );
  assert(adapter.down.data.some((value) => value !== 0)); // else neither side would ever get a gradient
  assertEquals(createAdapter({ outputs: 5, inputs: 7, rank: 2 }, seeded(3)), adapter);
});

Deno.test("mergeAdapter() computes what the adapter beside the weights computes", () => {
  const size = fc.integer({ min: 3, max: 8 });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 3 }), fc.nat(1e6), (m, n, r, seed) => {
      const [weights, x] = [gaussian(m, n, seed), gaussian(4, n, seed + 2)];
      const adapter = trainedAdapter(m, n, r, seed + 3);
      const merged = x.multiply(mergeAdapter(weights, adapter).transpose());
      adaptedOutput(weights, adapter, x).data.forEach((value, i) =>
        assertAlmostEquals(value, merged.data[i]!, 1e-10)
      );
    }),
  );
});

Deno.test("mergeAdapter() changes the weights by a matrix of the adapter's rank, alpha / rank times up · down", () => {
  const weights = gaussian(8, 6, 1);
  const adapter = trainedAdapter(8, 6, 2, 5);
  const change = mergeAdapter(weights, adapter).map((value, i) => value - weights.data[i]!);
  const { values } = singularValues(change);
  assert(values[1]! > 0.01 && values[2]! < 1e-10, `${values}`);
  const [first] = adapter.up.multiply(adapter.down).data;
  assertAlmostEquals(change.data[0]!, 3 / 2 * first!, 1e-12);
});

Deno.test("createAdapter() and mergeAdapter() refuse ranks and shapes that cannot be", () => {
  const shape = { outputs: 4, inputs: 6, rank: 2 };
  assertThrows(() => createAdapter({ ...shape, rank: 5 }, seeded(1)), RangeError, "<= 4");
  assertThrows(() => createAdapter({ ...shape, rank: 0 }, seeded(1)), RangeError, "rank");
  assertThrows(() => createAdapter({ ...shape, alpha: 0 }, seeded(1)), RangeError, "alpha");
  const adapter = createAdapter(shape, seeded(1));
  assertThrows(() => mergeAdapter(gaussian(6, 4, 1), adapter), TypeError, "must be 6 x 4");
});
