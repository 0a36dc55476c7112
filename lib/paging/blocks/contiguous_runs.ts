/**
 * In how many pieces does a sequence lie in memory? A piece is a run of blocks that follow each other; each run can be
 * copied at once, and each break costs another copy. Paging wastes almost nothing, but under churn it scatters: that is
 * what makes swapping block by block slow. (Shen et al. 2024, FastSwitch.)
 *
 * @param blocks The block table of a sequence.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { contiguousRuns } from "@fewer-bytes/paging";
 *
 * assertEquals(contiguousRuns([4, 5, 6, 9, 2, 3]), 3);
 * ```
 */
export function contiguousRuns(blocks: ArrayLike<number>): number {
  let runs = 0;
  for (let index = 0; index < blocks.length; index++) {
    if (index === 0 || blocks[index] !== blocks[index - 1]! + 1) runs++;
  }
  return runs;
}
