import { type Floats, Matrix } from "./matrix.ts";

/** A matrix taken apart into turn, stretch, turn: `matrix = left · diag(values) · rightᵀ`. */
export interface SingularValues {
  /** rows × rank, with columns of length 1 at right angles. The column of a value of 0 is all zeros. */
  readonly left: Matrix<Float64Array<ArrayBuffer>>;
  /** How far each direction is stretched, largest first; as many as the shorter side is long. */
  readonly values: Float64Array<ArrayBuffer>;
  /** columns × rank. */
  readonly right: Matrix<Float64Array<ArrayBuffer>>;
}

/** Two columns count as perpendicular when the cosine between them is below this. */
const perpendicular = 1e-14;
const largestNumberOfSweeps = 60;

/**
 * Which few directions hold most of a matrix? Its singular values, largest first, and their vectors.
 *
 * The first k of them give the matrix of rank k that is closest in squared error (Eckart and Young, 1936). The method is
 * Hestenes' (1958): turn two columns at a time until they are perpendicular, for all pairs, again and again until no
 * pair needs it. It is the simplest one there is, as exact as any, and meant for matrices of some hundred columns.
 *
 * @throws {RangeError} when a value is not finite.
 * @example A matrix of rank 1 has one singular value
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix, singularValues } from "@fewer-bytes/numeric";
 *
 * const { values } = singularValues(Matrix.from([[3, 6], [4, 8]]));
 * assertAlmostEquals(values[0]!, Math.sqrt(125));
 * assertAlmostEquals(values[1]!, 0);
 * ```
 */
export function singularValues(matrix: Matrix<Floats>): SingularValues {
  if (matrix.rows < matrix.columns) {
    const { left, values, right } = singularValues(matrix.transpose());
    return { left: right, values, right: left };
  }
  if (!matrix.data.every(Number.isFinite)) {
    throw new RangeError("Cannot find singular values as every value must be finite: one is not");
  }
  // Columns are kept as rows, because a pair of them is walked along at each turn.
  const { rows: length, columns: count } = matrix;
  const columns = new Matrix(count, length, Float64Array.from(matrix.transpose().data));
  const turns = new Matrix(count, count, new Float64Array(count * count));
  for (let i = 0; i < count; i++) turns.set(i, i, 1);
  for (let sweep = 0, turned = true; turned && sweep < largestNumberOfSweeps; sweep++) {
    turned = false;
    for (let first = 0; first < count; first++) {
      for (let second = first + 1; second < count; second++) {
        const turn = turnToPerpendicular(columns.row(first), columns.row(second));
        if (!turn) continue;
        turned = true;
        rotate(columns.row(first), columns.row(second), turn);
        rotate(turns.row(first), turns.row(second), turn);
      }
    }
  }
  return sorted(columns, turns);
}

/** Cosine and sine of the turn that makes two vectors perpendicular; nothing when they are. */
function turnToPerpendicular(a: Float64Array, b: Float64Array): [number, number] | undefined {
  let aa = 0, bb = 0, ab = 0;
  for (let i = 0; i < a.length; i++) {
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
    ab += a[i]! * b[i]!;
  }
  // The longer vector has to stand first, so that the order settles while the turns get small.
  if (Math.abs(ab) <= perpendicular * Math.sqrt(aa * bb)) return aa >= bb ? undefined : [0, 1];
  const slope = (aa - bb) / (2 * ab);
  const tangent = (slope >= 0 ? 1 : -1) / (Math.abs(slope) + Math.hypot(1, slope));
  const cosine = 1 / Math.hypot(1, tangent);
  return [cosine, cosine * tangent];
}

function rotate(a: Float64Array, b: Float64Array, [cosine, sine]: [number, number]): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    a[i] = cosine * x + sine * y;
    b[i] = cosine * y - sine * x;
  }
}

/** Splits the turned columns into length and direction, longest first. */
function sorted(
  columns: Matrix<Float64Array<ArrayBuffer>>,
  turns: Matrix<Float64Array<ArrayBuffer>>,
): SingularValues {
  const lengths = Array.from({ length: columns.rows }, (_, i) => Math.hypot(...columns.row(i)));
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]!);
  const floor = (lengths[order[0]!] ?? 0) * columns.columns * Number.EPSILON; // below is rounding
  const values = Float64Array.from(order, (i) => lengths[i]! > floor ? lengths[i]! : 0);
  const left = new Matrix(columns.rows, columns.columns, new Float64Array(columns.data.length));
  const right = new Matrix(turns.rows, turns.columns, new Float64Array(turns.data.length));
  order.forEach((from, to) => {
    right.row(to).set(turns.row(from));
    if (values[to]! > 0) left.row(to).set(columns.row(from).map((value) => value / values[to]!));
  });
  return { left: left.transpose(), values, right: right.transpose() };
}
