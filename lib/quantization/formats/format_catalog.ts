import { dynamic8 } from "../codebooks/dynamic_map.ts";
import { normalFloat4, normalFloat4Double } from "../codebooks/normal_float.ts";
import { sherry } from "../codebooks/sherry.ts";
import { ternary } from "../codebooks/ternary.ts";
import type { BlockFormat } from "./block_format.ts";
import { requireRow } from "./row.ts";
import { ggmlFormat } from "./ggml.ts";
import type { NumberCode } from "./number_code.ts";
import { nvfp4 } from "./nvfp4.ts";
import { blockFloatingPoint, microscaling } from "./shared_exponent.ts";
import { smallFloats } from "./small_float.ts";

/**
 * A number format as a block format: each value by itself, with no scale.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { plainFormat, smallFloats } from "@fewer-bytes/quantization";
 *
 * const { roundTrip } = plainFormat(smallFloats.fp4E2M1);
 * assertEquals([...roundTrip(Float32Array.of(0.3, 2.6, -100))], [0.5, 3, -6]);
 * ```
 */
export function plainFormat(element: NumberCode): BlockFormat {
  return {
    name: element.name,
    blockSize: 1,
    bitsPerValue: element.bits,
    roundTrip: (row) => {
      requireRow(row, 1, element.name);
      return Float32Array.from(row, (value) => element.decode(element.encode(value)));
    },
  };
}

/**
 * What is there to choose from? The formats of this course that round each value or block by itself, fewest
 * bits first.
 *
 * The scale of a block is counted in its bits. One scale for a whole tensor is not, as it vanishes: NVFP4,
 * ternary and Sherry have it, and take the row that they are given as the tensor. Rows must hold whole
 * blocks: any multiple of 256 values suits all.
 *
 * @example What is left of Gaussian numbers
 * ```ts
 * import { assert } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { formatCatalog } from "@fewer-bytes/quantization";
 *
 * const random = seeded(1);
 * const row = Float32Array.from({ length: 512 }, () => random.normal());
 * for (const { name, bitsPerValue, roundTrip } of formatCatalog) {
 *   const error = roundTrip(row).reduce((sum, value, i) => sum + (value - row[i]!) ** 2, 0) / 512;
 *   assert(error > 4 ** -bitsPerValue, name); // no format beats the bound
 * }
 * ```
 */
export const formatCatalog: readonly BlockFormat[] = [
  ...Object.values(smallFloats).map(plainFormat),
  ...Object.values(microscaling),
  blockFloatingPoint(4, 16),
  nvfp4,
  ggmlFormat("Q4_0"),
  ggmlFormat("Q4_1"),
  ggmlFormat("Q8_0"),
  normalFloat4,
  normalFloat4Double,
  dynamic8,
  ternary,
  sherry,
].toSorted((a, b) => a.bitsPerValue - b.bitsPerValue);
