import { requireInteger } from "../../units/mod.ts";
import type { LoopOrder } from "./loop_orders.ts";

/**
 * How many lines does the inner loop miss in each turn, when matrices are much larger than the cache? A matrix that the
 * inner loop runs along misses once for each line, one that it runs across misses each time, one that it does not move in
 * never.
 *
 * @param perLine Elements of one line.
 * @param rowsFit Whether the cache holds a few rows, though no column: then the row that the middle loop comes back to is
 *   still there when the inner loop runs along rows. Default false: not even one row.
 * @throws {RangeError} when it is not a whole number from 1.
 * @example One order misses an eighth of what another does, with the same arithmetic
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { missesPerTurn } from "@fewer-bytes/memory";
 *
 * assertEquals([missesPerTurn("ikj", 8), missesPerTurn("ijk", 8), missesPerTurn("jki", 8)], [0.25, 1.125, 2]);
 * assertEquals(missesPerTurn("ikj", 8, true), 0.125);
 * ```
 */
export function missesPerTurn(order: LoopOrder, perLine: number, rowsFit = false): number {
  requireInteger(perLine, 1, "count misses", "the elements of a line");
  const inner = order.at(-1);
  // A is run along by k and across by i; B along by j and across by k; C along by j and across by i.
  return inner === "k" ? 1 / perLine + 1 : inner === "j" ? (rowsFit ? 1 : 2) / perLine : 2;
}

/**
 * How many lines does a product of blocks miss, when blocks stay in the cache while they are worked on? One of the three
 * stays through the inner loop over blocks, two come anew: 2 n³ / (tile · perLine) + n² / perLine, whatever the order.
 *
 * So misses fall with the edge of a block. How large may it be? Three blocks are in use; a cache that throws out what was
 * used least recently also keeps the two that go for a while, and needs room for five. With less, it is nearly so.
 *
 * @param size Rows and columns of the matrices.
 * @param tile Edge of a block; it divides the size.
 * @param perLine Elements of one line; they divide the tile.
 * @throws {RangeError} when a value is not a whole number from 1, or does not divide.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tiledMisses, walkProduct } from "@fewer-bytes/memory";
 *
 * const { misses } = walkProduct({ order: "ijk", size: 32, tile: 8 }, { capacity: 2048, line: 64, ways: 32 });
 * assertEquals([misses, tiledMisses(32, 8, 8)], [1152, 1152]);
 * ```
 */
export function tiledMisses(size: number, tile: number, perLine: number): number {
  requireInteger(perLine, 1, "count misses", "the elements of a line");
  requireInteger(tile / perLine, 1, "count misses", "the lines of a row of a block");
  requireInteger(size / tile, 1, "count misses", "the blocks of a row");
  return 2 * size ** 3 / (tile * perLine) + size ** 2 / perLine;
}
