import type { Deployment, Request } from "../../roofline/mod.ts";
import {
  requireInteger,
  requirePositive,
  type Seconds,
  type TokensPerSecond,
} from "../../units/mod.ts";
import type { Tier } from "../tiers/tier.ts";
import { bestPlacement, type PlacedOverlap } from "./best_placement.ts";
import type { Placement } from "./placement.ts";

/** Some devices, with or without more memory for each. */
export interface Expansion {
  readonly devices: number;
  /** Whether each device has the second tier. */
  readonly expanded: boolean;
  readonly fits: boolean;
  /** Absent where it does not fit. */
  readonly timePerOutputToken?: Seconds;
  /** Of all sequences together. */
  readonly tokensPerSecond?: TokensPerSecond;
  readonly tokensPerSecondPerDevice?: TokensPerSecond;
  /** The best place of the bytes of one device. */
  readonly placement?: Placement;
}

/** How an expansion is looked at. */
export interface ExpansionOptions {
  /** How many devices are tried. Default 1, 2, 4 and 8. */
  readonly devices?: readonly number[];
  /** What is read ahead. Default "step": the best that can be done. */
  readonly overlap?: PlacedOverlap;
}

/**
 * More devices, or the same with more memory? A model that does not fit is split among more devices; or each device gets a
 * second tier, and what moves least for its size goes there.
 *
 * Both solve capacity. Only devices bring bandwidth: n of them read their parts at once, while behind a link of a fiftieth
 * of the bandwidth every byte costs fifty times as much. So the far tier pays where it holds what is seldom read: experts, or
 * caches of sequences that wait.
 *
 * Placements are the best ones, see {@linkcode bestPlacement}. Devices wait for each other's bytes on their fastest link, but
 * messages take no time to start.
 *
 * @param far The second tier of one device, with a link of its own.
 * @returns For each count two rows: plain, then expanded.
 * @throws {RangeError} when a value is out of range, or the model cannot be split so.
 * @example 140 GB of weights: two H100, or one with CXL
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { findHardware, findMemory, findMemoryLink, findModel } from "@fewer-bytes/catalog";
 * import { behind, compareExpansion } from "@fewer-bytes/memory";
 *
 * const deployment = { model: findModel("llama-3.1-70b"), hardware: findHardware("nvidia-h100-sxm") };
 * const card = behind(findMemory("samsung-cmm-b"), findMemoryLink("pcie-5-x16"));
 * const rows = compareExpansion(deployment, { promptTokens: 500, outputTokens: 100 }, card, { devices: [1, 4] });
 * assertEquals(rows.map(({ fits }) => fits), [false, true, true, true]);
 * assert(rows[1]!.tokensPerSecond! < 1 && rows[2]!.tokensPerSecond! > 80);
 * ```
 */
export function compareExpansion(
  deployment: Deployment,
  request: Request,
  far: Tier,
  { devices = [1, 2, 4, 8], overlap = "step" }: ExpansionOptions = {},
): Expansion[] {
  return devices.flatMap((count) => {
    requireInteger(count, 1, "compare expansions", "devices");
    return [false, true].map((expanded): Expansion => {
      const placed = bestPlacement(
        { ...deployment, devices: count },
        request,
        expanded ? [far] : [],
        overlap,
      );
      const row = { devices: count, expanded, fits: placed !== undefined };
      return placed
        ? { ...row, ...placed, tokensPerSecondPerDevice: placed.tokensPerSecond / count }
        : row;
    });
  });
}

/**
 * At which price does more memory pay? As a share of the price of a device: below it, few devices with a second tier give
 * more tokens for their price than many without.
 *
 * few × (1 + price) / their tokens = many / their tokens, solved for the price.
 *
 * @returns Not above zero when memory would have to be given away.
 * @throws {RangeError} when one of the two does not fit.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { breakEvenPrice } from "@fewer-bytes/memory";
 *
 * // Half of the devices give 0.6 of the tokens: memory may cost a fifth of a device.
 * const few = { devices: 4, expanded: true, fits: true, tokensPerSecond: 60 };
 * const many = { devices: 8, expanded: false, fits: true, tokensPerSecond: 100 };
 * assertAlmostEquals(breakEvenPrice(few, many), 0.2, 1e-12);
 * ```
 */
export function breakEvenPrice(few: Expansion, many: Expansion): number {
  const rate = ({ tokensPerSecond }: Expansion) =>
    requirePositive(tokensPerSecond ?? NaN, "find a break-even price", "tokensPerSecond");
  return many.devices / rate(many) * rate(few) / few.devices - 1;
}
