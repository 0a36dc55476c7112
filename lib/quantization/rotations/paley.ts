import { Matrix } from "../../numeric/mod.ts";

type Square = Matrix<Float64Array<ArrayBuffer>>;

function isPrime(value: number): boolean {
  if (value < 2) return false;
  for (let divisor = 2; divisor * divisor <= value; divisor++) {
    if (value % divisor === 0) return false;
  }
  return true;
}

/** Which of Paley's two constructions makes a Hadamard matrix of this order, over the numbers modulo a prime. */
function constructionOf(
  order: number,
): { readonly prime: number; readonly kind: 1 | 2 } | undefined {
  if (order % 4 === 0 && isPrime(order - 1)) return { prime: order - 1, kind: 1 };
  const prime = order / 2 - 1;
  if (order % 4 === 0 && prime % 4 === 1 && isPrime(prime)) return { prime, kind: 2 };
  return undefined;
}

/**
 * Whether {@linkcode paley} can make a matrix of this order: 4, 8, 12, 20, 24, 28, 32, 36, 44, 48, 60, …
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hasPaley } from "@fewer-bytes/quantization";
 *
 * assertEquals([12, 16, 20, 28].map(hasPaley), [true, false, true, true]);
 * ```
 */
export function hasPaley(order: number): boolean {
  return constructionOf(order) !== undefined;
}

/**
 * How is a Hadamard matrix found where doubling does not lead? Raymond Paley's answer (1933) is arithmetic modulo a
 * prime q: half of the numbers below q are squares, and which differences i − j are squares looks as even as chance.
 *
 * Let Q[i][j] be +1 where i − j is a square modulo q, −1 where it is not, 0 on the diagonal, and S be Q with a border of
 * ones. For q = 3 modulo 4, S with a minus on one border plus the identity is a Hadamard matrix of order q + 1: 12 from
 * q = 11, 20 from q = 19. For q = 1 modulo 4, each entry of S becomes a 2 × 2 block, order 2(q + 1): 28 from q = 13.
 *
 * @returns A matrix of +1 and −1 whose rows are perpendicular: H·Hᵀ = order · I.
 * @throws {RangeError} when neither construction leads to the order.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { paley } from "@fewer-bytes/quantization";
 *
 * const h = paley(12);
 * const product = h.multiply(h.transpose());
 * assertEquals([product.get(3, 3), product.get(3, 7)], [12, 0]);
 * ```
 */
export function paley(order: number): Square {
  const construction = constructionOf(order);
  if (!construction) {
    throw new RangeError(
      `Cannot construct a Hadamard matrix after Paley as the order must be q + 1 for a prime q = 3 modulo 4, or 2(q + 1) for a prime q = 1 modulo 4: current value is ${order}`,
    );
  }
  const { prime, kind } = construction;
  const conference = borderedSquares(prime, kind === 1 ? -1 : 1);
  const result = new Matrix(order, order, new Float64Array(order * order));
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      result.set(i, j, kind === 1 ? conference.get(i, j) || 1 : blockEntry(conference, i, j));
    }
  }
  return result;
}

/** Paley's second construction: ±1 becomes ±[1 1; 1 −1], and 0 becomes [1 −1; −1 −1]. */
function blockEntry(conference: Square, i: number, j: number): number {
  const value = conference.get(i >> 1, j >> 1);
  if (value === 0) return i % 2 === 0 && j % 2 === 0 ? 1 : -1;
  return i % 2 === 1 && j % 2 === 1 ? -value : value;
}

/** The matrix S: what is a square modulo the prime, with a border of ones; the left one has the given sign. */
function borderedSquares(prime: number, leftBorder: 1 | -1): Square {
  const squares = new Set(Array.from({ length: prime - 1 }, (_, i) => (i + 1) ** 2 % prime));
  const size = prime + 1;
  const result = new Matrix(size, size, new Float64Array(size * size));
  for (let i = 1; i < size; i++) {
    result.set(0, i, 1);
    result.set(i, 0, leftBorder);
    for (let j = 1; j < size; j++) {
      if (i !== j) result.set(i, j, squares.has((i - j + prime) % prime) ? 1 : -1);
    }
  }
  return result;
}
