import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { solveLinearProgram } from "@fewer-bytes/offload";
import fc from "fast-check";

const number = fc.integer({ min: -9, max: 9 });
const program = fc.integer({ min: 1, max: 3 }).chain((count) =>
  fc.record({
    cost: fc.array(number, { minLength: count, maxLength: count }),
    rows: fc.array(fc.array(number, { minLength: count, maxLength: count }), {
      minLength: 0,
      maxLength: 4,
    }),
    limits: fc.array(number, { minLength: 4, maxLength: 4 }),
  })
);

/** The best corner: each is where as many limits as there are variables are met exactly. */
function bruteForce(cost: number[], rows: number[][], limits: number[]): number | undefined {
  const n = cost.length;
  const all = [...rows, ...cost.map((_, i) => cost.map((_, j) => i === j ? -1 : 0))];
  const bounds = [...limits.slice(0, rows.length), ...cost.map(() => 0)];
  let best: number | undefined;
  const choose = (from: number, chosen: number[]) => {
    if (chosen.length === n) {
      const x = gauss(chosen.map((i) => all[i]!), chosen.map((i) => bounds[i]!));
      if (x && all.every((row, i) => dot(row, x) <= bounds[i]! + 1e-9)) {
        best = Math.min(best ?? Infinity, dot(cost, x));
      }
      return;
    }
    for (let i = from; i < all.length; i++) choose(i + 1, [...chosen, i]);
  };
  choose(0, []);
  return best;
}

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function gauss(rows: number[][], right: number[]): number[] | undefined {
  const table = rows.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    const pivot = table.slice(column).reduce(
      (most, row, i) =>
        Math.abs(row[column]!) > Math.abs(table[most]![column]!) ? i + column : most,
      column,
    );
    if (Math.abs(table[pivot]![column]!) < 1e-9) return undefined;
    [table[column], table[pivot]] = [table[pivot]!, table[column]!];
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = table[i]![column]! / table[column]![column]!;
      table[i] = table[i]!.map((value, j) => value - factor * table[column]![j]!);
    }
  }
  return table.map((row, i) => row[n]! / row[i]!);
}

Deno.test("solveLinearProgram() finds the best of all corners, or that there is none", () => {
  fc.assert(
    fc.property(program, ({ cost, rows, limits }) => {
      // A box around everything, so that there is a least value.
      const boxed = [...rows, ...cost.map((_, i) => cost.map((_, j) => i === j ? 1 : 0))];
      const bounds = [...limits.slice(0, rows.length), ...cost.map(() => 20)];
      const best = bruteForce(cost, boxed, bounds);
      const own = solveLinearProgram({ cost, rows: boxed, limits: bounds });
      assertEquals(own === undefined, best === undefined);
      if (!own) return;
      assertAlmostEquals(own.cost, best!, 1e-7);
      assert(own.x.every((value) => value >= -1e-9));
      boxed.forEach((row, i) => assert(dot(row, [...own.x]) <= bounds[i]! + 1e-7));
    }),
    { numRuns: 500 },
  );
});

Deno.test("solveLinearProgram() does not walk in circles: Beale's example", () => {
  const best = solveLinearProgram({
    cost: [-0.75, 150, -0.02, 6],
    rows: [[0.25, -60, -0.04, 9], [0.5, -90, -0.02, 3], [0, 0, 1, 0]],
    limits: [0, 0, 1],
  })!;
  assertAlmostEquals(best.cost, -0.05, 1e-9);
});

Deno.test("solveLinearProgram() refuses costs without a least value, and rows of other lengths", () => {
  assertThrows(
    () => solveLinearProgram({ cost: [-1], rows: [[-1]], limits: [0] }),
    RangeError,
    "must have a least value",
  );
  assertThrows(
    () => solveLinearProgram({ cost: [1], rows: [[1, 2]], limits: [0] }),
    TypeError,
    "1",
  );
  assertThrows(() => solveLinearProgram({ cost: [NaN], rows: [], limits: [] }), RangeError);
  assertEquals(solveLinearProgram({ cost: [1], rows: [[1]], limits: [-1] }), undefined);
});
