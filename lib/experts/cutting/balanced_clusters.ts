import { Matrix, type Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/**
 * Which rows belong together, when all groups must be equally large? Like k-means, it goes back and forth between rows and
 * centers; but places are limited: all pairs of a row and a center are gone through, the most similar first, and a row joins
 * the first center that has room. Similar is what points the same way, however long it is.
 *
 * Rows that are neurons of a feed-forward network, each with the weights of its gate, become experts so: neurons that listen to the
 * same are read together or not at all.
 *
 * Source: Zhang et al., "MoEfication: Transformer Feed-forward Layers are Mixtures of Experts" (arXiv 2110.01786), section 3.2.
 *
 * @param random Chooses the rows that are centers at first.
 * @param rounds Default 10.
 * @returns For each row the number of its group.
 * @throws {RangeError} when the rows do not divide evenly among the groups, or a row is all zeros or not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { balancedClusters } from "@fewer-bytes/experts";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 *
 * const [a, b, c, d] = balancedClusters(Matrix.from([[1, 0], [0, 5], [9, 1], [0, 1]]), 2, seeded(1));
 * assertEquals([a === c, b === d, a === b], [true, true, false]);
 * ```
 */
export function balancedClusters(
  rows: Matrix,
  groups: number,
  random: Random,
  rounds = 10,
): Int32Array {
  requireInteger(rows.rows, 1, "group rows", "the number of rows");
  requireInteger(groups, 1, "group rows", "the number of groups");
  requireInteger(rounds, 1, "group rows", "the rounds");
  if (rows.rows % groups !== 0) {
    throw new RangeError(
      `Cannot group rows as ${rows.rows} must divide evenly among the groups: current number is ${groups}`,
    );
  }
  const units = ofLengthOne(rows);
  const { columns } = rows;
  let centers = new Matrix(groups, columns, new Float64Array(groups * columns));
  firstCenters(rows.rows, groups, random).forEach((row, group) =>
    centers.row(group).set(units.row(row))
  );
  let owners = new Int32Array(rows.rows);
  for (let round = 0; round < rounds; round++) {
    owners = join(units.multiply(centers.transpose()));
    const sums = new Matrix(groups, columns, new Float64Array(groups * columns));
    owners.forEach((group, row) => {
      const sum = sums.row(group), own = units.row(row);
      for (let i = 0; i < columns; i++) sum[i]! += own[i]!;
    });
    for (let group = 0; group < groups; group++) scaleToOne(sums.row(group));
    centers = sums;
  }
  return owners;
}

/** Different rows, drawn. */
function firstCenters(rows: number, groups: number, random: Random): number[] {
  const left = Array.from({ length: rows }, (_, row) => row);
  return Array.from(
    { length: groups },
    () => left.splice(Math.floor(random.uniform() * left.length), 1)[0]!,
  );
}

/** Each row joins the most similar group that has room. */
function join(similar: Matrix): Int32Array<ArrayBuffer> {
  const { rows, columns: groups, data } = similar;
  const owners = new Int32Array(rows).fill(-1);
  const free = new Int32Array(groups).fill(rows / groups);
  for (const pair of Array.from(data.keys()).sort((a, b) => data[b]! - data[a]! || a - b)) {
    const row = Math.floor(pair / groups), group = pair % groups;
    if (owners[row] !== -1 || free[group] === 0) continue;
    owners[row] = group;
    free[group]!--;
  }
  return owners;
}

function ofLengthOne(rows: Matrix): Matrix<Float64Array<ArrayBuffer>> {
  const units = new Matrix(rows.rows, rows.columns, Float64Array.from(rows.data));
  for (let row = 0; row < rows.rows; row++) {
    if (!(scaleToOne(units.row(row)) > 0)) {
      throw new RangeError(`Cannot group rows as each must point somewhere: row ${row} does not`);
    }
  }
  return units;
}

/** Returns the length that it had; 0 stays as it is. */
function scaleToOne(row: Float64Array): number {
  const length = Math.hypot(...row);
  if (length > 0 && Number.isFinite(length)) row.forEach((value, i) => row[i] = value / length);
  return Number.isFinite(length) ? length : 0;
}
