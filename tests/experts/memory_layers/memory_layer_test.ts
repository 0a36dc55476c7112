import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { distinctValues, memoryOperators, memoryParameters } from "@fewer-bytes/experts";
import { seeded } from "@fewer-bytes/numeric";
import { halfPrecision } from "@fewer-bytes/transformer";

// Lample et al. 2019: 16 layers of 1,024 are given one memory of 512² values, 4 heads, keys of 256, 32 found by each.
const layer = {
  hiddenSize: 1024,
  halfKeys: 512,
  keyDimension: 256,
  heads: 4,
  found: 32,
  valueDimension: 1024,
};

Deno.test("memoryParameters() counts values, half keys and projections", () => {
  const { query, keys, values, output, total, active } = memoryParameters(layer);
  assertEquals([query, keys, values, output], [
    1024 * 1024,
    4 * 2 * 512 * 128,
    512 * 512 * 1024,
    0,
  ]);
  assertEquals(total, query + keys + values);
  assertEquals(active, query + keys + 4 * 32 * 1024);
  const neurons = { ...layer, vectors: 2, valueDimension: 256 } as const;
  assertEquals(memoryParameters(neurons).output, 2 * 256 * 1024);
  assertEquals(memoryParameters(neurons).values, 512 * 512 * 2 * 256);
});

Deno.test("memoryOperators() does two operations for each parameter that a token passes", () => {
  for (const vectors of [1, 2] as const) {
    for (const valueDimension of [1024, 128]) {
      const one = { ...layer, vectors, valueDimension };
      const { active } = memoryParameters(one);
      const rows = memoryOperators(one, 5, halfPrecision, 3);
      const flops = rows.reduce((sum, row) => sum + row.flops, 0);
      assertEquals(flops, 3 * 5 * 2 * active);
      const read = memoryOperators(one, 1).reduce((sum, row) => sum + row.bytes.weights, 0);
      assertAlmostEquals(read / (2 * active), 1, 1e-4); // two heads seldom find the same value
    }
  }
});

Deno.test("distinctValues() foretells how many different values random heads find", () => {
  const small = { ...layer, halfKeys: 12, found: 4, heads: 2 };
  const random = seeded(2);
  const keys = Array.from({ length: 144 }, (_, key) => key);
  let sum = 0;
  for (let turn = 0; turn < 500; turn++) {
    const found = Array.from({ length: 20 * 2 }, () => random.shuffle(keys).slice(0, 4));
    sum += new Set(found.flat()).size;
  }
  assertAlmostEquals(distinctValues(small, 20) / (sum / 500), 1, 0.01);
});

Deno.test("a memory layer refuses sizes that are none, and more values than there are", () => {
  assertThrows(() => memoryParameters({ ...layer, heads: 0 }), RangeError, "heads");
  assertThrows(() => memoryParameters({ ...layer, halfKeys: 5 }), RangeError, "<= its 25 values");
  assertThrows(() => memoryOperators(layer, 0), RangeError, "the tokens");
});
