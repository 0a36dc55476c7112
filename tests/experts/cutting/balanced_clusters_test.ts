import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { balancedClusters } from "@fewer-bytes/experts";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const cosine = (a: Float64Array, b: Float64Array) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));

/** How alike rows of the same group are, on average. */
function likeness(rows: Matrix<Float64Array>, owners: ArrayLike<number>): number {
  let sum = 0, pairs = 0;
  for (let a = 0; a < rows.rows; a++) {
    for (let b = 0; b < a; b++) {
      if (owners[a] !== owners[b]) continue;
      sum += cosine(rows.row(a), rows.row(b));
      pairs++;
    }
  }
  return sum / pairs;
}

const noise = (rows: number, columns: number, seed: number) => {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal()),
  );
};

Deno.test("balancedClusters() makes groups of one size, whatever the rows", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 5 }),
    fc.nat(),
    (groups, each, seed) => {
      const owners = balancedClusters(noise(groups * each, 3, seed), groups, seeded(seed));
      const sizes = Array.from(
        { length: groups },
        (_, group) => owners.filter((owner) => owner === group).length,
      );
      assertEquals(sizes, new Array(groups).fill(each));
    },
  ));
});

Deno.test("balancedClusters() finds bundles of rows that were hidden, however long the rows are", () => {
  const random = seeded(3);
  const bundles = noise(8, 16, 4);
  const rows = Matrix.from(Array.from({ length: 64 }, (_, row) => {
    const scale = Math.exp(3 * random.normal());
    return Array.from(bundles.row(row % 8), (value) => scale * (value + 0.1 * random.normal()));
  }));
  const best = Math.max(
    ...[1, 2, 3, 4].map((seed) => likeness(rows, balancedClusters(rows, 8, seeded(seed)))),
  );
  assert(best > 0.95, String(best));
});

Deno.test("balancedClusters() groups rows better than their order does", () => {
  const rows = noise(48, 6, 9);
  const asTheyStand = Array.from({ length: 48 }, (_, row) => Math.floor(row / 12));
  assert(
    likeness(rows, balancedClusters(rows, 4, seeded(1))) > likeness(rows, asTheyStand) + 0.1,
  );
});

Deno.test("balancedClusters() depends on the seed alone", () => {
  const rows = noise(24, 4, 5);
  assertEquals(balancedClusters(rows, 4, seeded(2)), balancedClusters(rows, 4, seeded(2)));
});

Deno.test("balancedClusters() refuses groups that do not divide the rows, and rows that point nowhere", () => {
  const rows = noise(6, 2, 1);
  assertThrows(() => balancedClusters(rows, 4, seeded(1)), RangeError, "divide evenly");
  assertThrows(() => balancedClusters(rows, 0, seeded(1)), RangeError, "groups");
  assertThrows(() => balancedClusters(rows, 2, seeded(1), 0), RangeError, "rounds");
  for (const bad of [[0, 0], [NaN, 1], [Infinity, 1]]) {
    assertThrows(
      () => balancedClusters(Matrix.from([[1, 1], bad]), 1, seeded(1)),
      RangeError,
      "row 1",
    );
  }
});
