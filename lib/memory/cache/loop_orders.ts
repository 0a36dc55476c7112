import { type Bytes, requireInteger } from "../../units/mod.ts";

/** The orders of the three loops of a matrix product, outermost first: C[i, j] += A[i, k] · B[k, j]. */
export const loopOrders = ["ijk", "jik", "kij", "ikj", "jki", "kji"] as const;

/** One of them. */
export type LoopOrder = typeof loopOrders[number];

/** How a product is walked through. */
export interface LoopWalk {
  readonly order: LoopOrder;
  /** Rows and columns of each matrix. */
  readonly size: number;
  /** Edge of the blocks that are worked on together; it divides the size. Default: the size, no blocks. */
  readonly tile?: number;
  /** Bytes of one element. Default 8. */
  readonly element?: Bytes;
}

/**
 * Which addresses does a matrix product touch, and in which order? Three square matrices lie one behind the other, row by
 * row. What the inner loop does not move along stays in a register and is touched once before it.
 *
 * With a tile all three matrices are cut into blocks, and the blocks are walked through in the same order as the elements of
 * each: only while the blocks of one turn fit into the cache are they read from there.
 *
 * @throws {RangeError} when a value is not a whole number from 1, or the tile does not divide the size.
 */
export function* loopAddresses(walk: LoopWalk): Generator<number> {
  const { order, size, tile = size, element = 8 } = walk;
  requireInteger(size, 1, "walk through a product", "the size");
  requireInteger(tile, 1, "walk through a product", "the tile");
  requireInteger(element, 1, "walk through a product", "the element");
  if (!loopOrders.includes(order)) {
    throw new RangeError(
      `Cannot walk through a product as the order must be one of ${
        loopOrders.join(", ")
      }: current value is ${order}`,
    );
  }
  if (size % tile !== 0) {
    throw new RangeError(
      `Cannot walk through a product as the tile must divide the size, ${size}: current value is ${tile}`,
    );
  }
  // Each matrix: where it begins, and how far apart elements are along i, j and k.
  const matrices = [
    { begin: 0, stride: { i: size, j: 0, k: 1 } }, // A
    { begin: size ** 2, stride: { i: 0, j: 1, k: size } }, // B
    { begin: 2 * size ** 2, stride: { i: size, j: 1, k: 0 } }, // C
  ];
  const [outer, middle, inner] = [...order] as ["i" | "j" | "k", "i" | "j" | "k", "i" | "j" | "k"];
  const fixed = matrices.filter(({ stride }) => stride[inner] === 0);
  const moving = matrices.filter(({ stride }) => stride[inner] !== 0);
  const blocks = Array.from({ length: size / tile }, (_, index) => index * tile);
  for (const first of blocks) {
    for (const second of blocks) {
      for (const third of blocks) {
        for (let a = first; a < first + tile; a++) {
          for (let b = second; b < second + tile; b++) {
            for (const { begin, stride } of fixed) {
              yield element * (begin + a * stride[outer] + b * stride[middle]);
            }
            for (let c = third; c < third + tile; c++) {
              for (const { begin, stride } of moving) {
                yield element *
                  (begin + a * stride[outer] + b * stride[middle] + c * stride[inner]);
              }
            }
          }
        }
      }
    }
  }
}
