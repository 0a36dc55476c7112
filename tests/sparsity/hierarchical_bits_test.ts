import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { bitsPerValue, expectedHierarchicalBits, packHierarchical } from "@fewer-bytes/sparsity";

Deno.test("expectedHierarchicalBits() is what real hierarchies take on average, when zeros fall at random", () => {
  const length = 1 << 16;
  for (const ratios of [[2, 4, 16], [1, 8], [4]]) {
    for (const density of [0.005, 0.1, 0.5]) {
      const random = seeded(11);
      const values = Float32Array.from({ length }, () => random.uniform() < density ? 1 : 0);
      const { levels, values: stored } = packHierarchical(values, ratios);
      const bits = 16 * stored.length + levels.reduce((sum, level) => sum + level.length, 0);
      assertAlmostEquals(bits / length / expectedHierarchicalBits(density, 16, ratios), 1, 0.06);
    }
  }
});

Deno.test("expectedHierarchicalBits() of one level of single values is the plain bitmap", () => {
  for (const density of [0, 0.3, 1]) {
    const shape = { rows: 8, columns: 8, density, valueBits: 16 };
    assertAlmostEquals(
      expectedHierarchicalBits(density, 16, [1]),
      bitsPerValue("bitmap", shape),
      1e-12,
    );
  }
});

Deno.test("expectedHierarchicalBits() is the top level alone at density 0, and everything at 1", () => {
  assertEquals(expectedHierarchicalBits(0, 16, [2, 4]), 1 / 8);
  assertEquals(expectedHierarchicalBits(1, 16, [2, 4]), 16 + 1 / 2 + 1 / 8);
});

Deno.test("expectedHierarchicalBits() refuses a density above 1", () => {
  assertThrows(() => expectedHierarchicalBits(1.2, 16, [2]), RangeError, "density");
});
