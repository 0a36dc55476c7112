import { requireAtLeast } from "../../units/mod.ts";

/** Minimize cost · x, where every row · x is at most its limit and x is nowhere below zero. */
export interface LinearProgram {
  readonly cost: readonly number[];
  readonly rows: readonly (readonly number[])[];
  readonly limits: readonly number[];
}

/** Where the cost is least. */
export interface LinearOptimum {
  readonly x: readonly number[];
  readonly cost: number;
}

/** Smaller than this is zero. Rows should be scaled so that their numbers are near 1. */
const tiny = 1e-10;

/**
 * Solves a small linear program: Dantzig's simplex method. It walks from corner to corner of what is allowed, each time
 * raising a variable that lowers the cost until a limit stops it. Where zero is not allowed, a first program finds a corner:
 * the least that all limits must be exceeded by.
 *
 * For a dozen variables. Among equals the first is taken (Bland's rule), so that it never walks in circles.
 *
 * Source: Chvátal, "Linear Programming" (1983), chapters 2 and 3.
 *
 * @returns Undefined when nothing fulfills all limits.
 * @throws {TypeError} when a row has not as many numbers as there are costs.
 * @throws {RangeError} when the cost has no least value, or a number is none.
 * @example Two goods, three limits
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { solveLinearProgram } from "@fewer-bytes/offload";
 *
 * const best = solveLinearProgram({ cost: [-3, -5], rows: [[1, 0], [0, 2], [3, 2]], limits: [4, 12, 18] })!;
 * assertAlmostEquals(best.cost, -36, 1e-9); // at (2, 6)
 * ```
 */
export function solveLinearProgram(
  { cost, rows, limits }: LinearProgram,
): LinearOptimum | undefined {
  const count = cost.length;
  for (const row of rows) {
    if (row.length !== count) {
      throw new TypeError(
        `Cannot solve a linear program as each row must have ${count} numbers: current value is ${row.length}`,
      );
    }
  }
  [...cost, ...rows.flat(), ...limits].forEach((value) =>
    requireAtLeast(value, -Number.MAX_VALUE, "solve a linear program", "every number")
  );
  // The last variable is what all limits may be exceeded by.
  const table = rows.map((row, index) => ({
    base: count + 1 + index,
    rest: limits[index]!,
    factors: new Map([...row.map((value, j) => [j, -value] as const), [count, 1]]),
  }));
  const lowest = table.toSorted((a, b) => a.rest - b.rest)[0];
  if (lowest && lowest.rest < 0) {
    pivot(table, lowest, count);
    improve(table, new Map([[count, 1]]), count);
    const excess = table.find(({ base }) => base === count);
    if (excess && excess.rest > tiny) return undefined;
    if (excess) {
      const enter = [...excess.factors].find(([, factor]) => Math.abs(factor) > tiny);
      if (enter) pivot(table, excess, enter[0]);
    }
  }
  for (const row of table) row.factors.delete(count);
  improve(table, new Map(cost.map((value, j) => [j, value])), count);
  const x = cost.map((_, j) => table.find(({ base }) => base === j)?.rest ?? 0);
  return { x, cost: x.reduce((sum, value, j) => sum + value * cost[j]!, 0) };
}

/** base = rest + Σ factor × variable, over the variables that are zero at this corner. */
interface Row {
  base: number;
  rest: number;
  factors: Map<number, number>;
}

/** Exchanges the base of a row with a variable that was zero. */
function pivot(table: readonly Row[], leaving: Row, entering: number): void {
  const own = leaving.factors.get(entering)!;
  leaving.factors.delete(entering);
  const factors = new Map([...leaving.factors].map(([j, value]) => [j, -value / own]));
  factors.set(leaving.base, 1 / own);
  leaving.base = entering;
  leaving.rest = -leaving.rest / own;
  leaving.factors = factors;
  for (const row of table) {
    if (row === leaving) continue;
    const factor = row.factors.get(entering);
    if (!factor) {
      row.factors.delete(entering);
      continue;
    }
    row.factors.delete(entering);
    row.rest += factor * leaving.rest;
    for (const [j, value] of factors) {
      row.factors.set(j, (row.factors.get(j) ?? 0) + factor * value);
    }
  }
}

/** Walks to the corner where the cost is least. */
function improve(
  table: readonly Row[],
  cost: ReadonlyMap<number, number>,
  variables: number,
): void {
  for (;;) {
    const slopes = new Map<number, number>();
    const add = (j: number, value: number) => slopes.set(j, (slopes.get(j) ?? 0) + value);
    for (const [j, value] of cost) {
      const row = table.find(({ base }) => base === j);
      if (!row) add(j, value);
      else for (const [other, factor] of row.factors) add(other, value * factor);
    }
    const entering = [...slopes].filter(([, slope]) => slope < -tiny).map(([j]) => j)
      .toSorted((a, b) => a - b)[0];
    if (entering === undefined) return;
    let leaving: Row | undefined, least = Infinity;
    for (const row of table) {
      const factor = row.factors.get(entering) ?? 0;
      if (factor > -tiny) continue;
      const room = Math.max(0, row.rest) / -factor;
      if (room < least - tiny || (room <= least + tiny && row.base < (leaving?.base ?? Infinity))) {
        least = Math.min(least, room);
        leaving = row;
      }
    }
    if (!leaving) {
      throw new RangeError(
        `Cannot solve a linear program as its cost must have a least value: variable ${
          entering % (variables + 1)
        } lowers it without end`,
      );
    }
    pivot(table, leaving, entering);
  }
}
