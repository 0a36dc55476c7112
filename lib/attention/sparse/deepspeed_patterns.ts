import { requireInteger } from "../../units/mod.ts";
import type { Pattern } from "./pattern.ts";

/** The fixed pattern of DeepSpeed, in blocks. */
export interface DeepSpeedFixed {
  /** Blocks of the sequence. */
  readonly blocks: number;
  /** Blocks of a local window. Default 4. */
  readonly local?: number;
  /** Blocks of each window that stand for it, seen by all. Default 1. */
  readonly global?: number;
  /** Which of the window's groups of `global` blocks, from its end: heads can differ in it. Default 0, the last. */
  readonly variant?: number;
  /** Do those blocks see everything, too? Default false; causality hides what is later. */
  readonly horizontal?: boolean;
}

/**
 * DeepSpeed's fixed pattern: windows side by side, and the last blocks of each seen by all. A last window that is cut short
 * keeps its global blocks inside the sequence.
 *
 * Source: `FixedSparsityConfig` of DeepSpeed, after the fixed pattern of the Sparse Transformer.
 *
 * @throws {RangeError} when global blocks do not divide the window, or the variant has none left.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { deepSpeedFixedPattern, drawPattern } from "@fewer-bytes/attention";
 *
 * const rows = drawPattern(deepSpeedFixedPattern({ blocks: 8 }), 8, { causal: true });
 * assertEquals(rows.slice(3, 6), ["11110000", "00011000", "00011100"]);
 * ```
 */
export function deepSpeedFixedPattern(
  { blocks, local = 4, global = 1, variant = 0, horizontal = false }: DeepSpeedFixed,
): Pattern {
  const action = "make DeepSpeed's fixed pattern";
  requireInteger(blocks, 1, action, "its blocks");
  requireInteger(local, 1, action, "its local blocks");
  requireInteger(global, 1, action, "its global blocks");
  requireInteger(variant, 0, action, "its variant");
  const first = local - (variant + 1) * global;
  if (local % global !== 0 || first < 0) {
    throw new RangeError(
      `Cannot ${action} as ${
        variant + 1
      } groups of its global blocks must fit evenly into a window of ${local}: current value is ${global}`,
    );
  }
  const whole = blocks - blocks % local; // blocks in windows that are not cut short
  const lastStart = Math.max(0, Math.min(whole + first, blocks - global));
  const isGlobal = (block: number) =>
    block < whole
      ? block % local >= first && block % local < first + global ||
        // The global blocks of a window that is cut short may begin in the one before.
        whole < blocks && block >= lastStart && block < lastStart + global
      : block >= lastStart && block < lastStart + global;
  return (query, key) =>
    Math.floor(query / local) === Math.floor(key / local) || isGlobal(key) ||
    horizontal && isGlobal(query);
}

/** The variable pattern of DeepSpeed, in blocks. */
export interface DeepSpeedVariable {
  /** Blocks of the first windows one after the other; the last size is that of all further ones. Default [4]. */
  readonly windows?: readonly number[];
  /** Stretches of global blocks, from the first to before the second number. Default [[0, 1]]. */
  readonly global?: readonly (readonly [from: number, to: number])[];
  /** Do global blocks see everything, too? Default false. */
  readonly horizontal?: boolean;
}

/**
 * DeepSpeed's variable pattern: windows of several sizes side by side, and stretches of global blocks.
 *
 * Source: `VariableSparsityConfig` of DeepSpeed, without its random blocks; lay those of
 * {@linkcode bigBirdPattern} over it.
 *
 * @throws {RangeError} when there is no window, one of size 0, or a stretch that is empty.
 */
export function deepSpeedVariablePattern(
  { windows = [4], global = [[0, 1]], horizontal = false }: DeepSpeedVariable = {},
): Pattern {
  const action = "make DeepSpeed's variable pattern";
  requireInteger(windows.length, 1, action, "the number of windows");
  for (const size of windows) requireInteger(size, 1, action, "a window");
  for (const [from, to] of global) {
    requireInteger(from, 0, action, "the start of global blocks");
    requireInteger(to, from + 1, action, "their end");
  }
  const listed = windows.reduce((sum, size) => sum + size, 0);
  const windowOf = (block: number) => {
    if (block >= listed) {
      return windows.length + Math.floor((block - listed) / windows[windows.length - 1]!);
    }
    let index = 0;
    for (let end = windows[0]!; block >= end; end += windows[++index]!);
    return index;
  };
  const isGlobal = (block: number) => global.some(([from, to]) => block >= from && block < to);
  return (query, key) =>
    windowOf(query) === windowOf(key) || isGlobal(key) || horizontal && isGlobal(query);
}
