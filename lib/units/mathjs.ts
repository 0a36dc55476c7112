import type { ConfigOptions, MathJsInstance } from "mathjs";
import bundle from "mathjs/lib/browser/math.js";

/**
 * All of mathjs, from its build in one file: as a thousand modules it would take three times as long to load, and three
 * times the memory.
 */
export const mathjs: MathJsInstance = bundle;

/**
 * Makes a mathjs with settings and units of its own, which leaves {@linkcode mathjs} as it is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createMathjs } from "@fewer-bytes/units";
 *
 * const real = createMathjs({ predictable: true }); // a number in, a number out
 * assertEquals(real.sqrt(-1), NaN);
 * ```
 */
export const createMathjs: (config: ConfigOptions) => MathJsInstance = bundle.create;
