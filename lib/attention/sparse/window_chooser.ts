import { requireInteger, type Tokens } from "../../units/mod.ts";
import type { Chooser, Heads } from "./chooser.ts";

/** The tokens that position alone chooses. */
export interface WindowChoice {
  /** The latest tokens, the newest included. */
  readonly window: Tokens;
  /** The first tokens. Default 0. */
  readonly sinks?: Tokens;
}

/**
 * All heads attend to the latest tokens and the first few. Nothing is read to choose, and nothing that has left the window
 * is ever found again.
 *
 * Source: Xiao et al., "Efficient Streaming Language Models with Attention Sinks" (2023); here tokens keep their positions.
 *
 * @throws {RangeError} for a window of 0, which would leave a token without itself.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { windowChooser } from "@fewer-bytes/attention";
 *
 * const heads = { queryHeads: 1, keyValueHeads: 1, headDimension: 2 };
 * const chooser = windowChooser(heads, { window: 2, sinks: 1 });
 * const tokens = { count: 9, keys: new Float32Array(18), values: new Float32Array(18) };
 * assertEquals(chooser.choose(0, new Float32Array(2), tokens).chosen, [Uint32Array.of(0, 7, 8)]);
 * ```
 */
export function windowChooser({ queryHeads }: Heads, { window, sinks = 0 }: WindowChoice): Chooser {
  requireInteger(window, 1, "choose tokens", "the window");
  requireInteger(sinks, 0, "choose tokens", "the sinks");
  return {
    bytes: 0,
    choose: (_, __, { count }) => {
      const first = Math.max(sinks, count - window); // of the window's tokens that are no sinks
      const length = Math.min(count, sinks) + Math.max(0, count - first);
      const list = Uint32Array.from(
        { length },
        (_, index) => index < sinks ? index : first + index - sinks,
      );
      return { chosen: new Array(queryHeads).fill(list), traffic: 0 };
    },
  };
}
