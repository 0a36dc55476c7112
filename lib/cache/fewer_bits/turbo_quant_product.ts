import { Matrix, type Random, seeded } from "../../numeric/mod.ts";
import type { BlockFormat } from "../../quantization/mod.ts";
import { lengthOf, requireVectorFormat, requireVectors } from "./stored_vectors.ts";
import { turboQuant, type TurboQuantOptions } from "./turbo_quant.ts";

/** How the variant for inner products is drawn. */
export interface TurboQuantProductOptions extends TurboQuantOptions {
  /** The source of the projection that signs are taken of. Default: seeded. */
  readonly random?: Random;
}

/**
 * How are scores kept honest? The codes that leave the smallest squared error also shorten vectors, so every product with
 * a query comes out a little small. Here the last bit is spent otherwise: on the signs of a random projection of what the
 * other bits left over (QJL). From them the product of the rest with any query is estimated without bias:
 *
 * ⟨q, rest⟩ ≈ √(π/2) / d · |rest| · ⟨S·q, sign(S·rest)⟩, with S of d × d Gaussian numbers.
 *
 * That is linear in q, so it is the product with a vector, and this vector is what comes back. Unbiased means right on
 * average over S, and noisy each time: for softmax over many tokens, the smaller error may do better than no bias.
 *
 * Sources: Zandieh et al., "TurboQuant" (2025), algorithm 2; Zandieh et al., "QJL" (2024).
 *
 * @param bits Bits of a value, one of which is the sign: from 1 to 8. With 1 there is nothing but signs.
 * @param dimension Values of one vector: a head.
 * @returns A format of bits + 32 / dimension bits a value: two lengths are kept.
 * @throws {RangeError} as `turboQuant()`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { turboQuantProduct } from "@fewer-bytes/cache";
 *
 * assertEquals(turboQuantProduct(3, 64).bitsPerValue, 3.5);
 * ```
 */
export function turboQuantProduct(
  bits: number,
  dimension: number,
  { random = seeded(2), ...options }: TurboQuantProductOptions = {},
): BlockFormat {
  requireVectorFormat(bits, dimension);
  const coarse = bits > 1 ? turboQuant(bits - 1, dimension, options) : undefined;
  const projection = new Matrix(
    dimension,
    dimension,
    Float64Array.from({ length: dimension ** 2 }, () => random.normal()),
  );
  const rest = new Float32Array(dimension);
  return {
    name: `TurboQuant ${bits}-bit for products`,
    blockSize: dimension,
    bitsPerValue: bits + (coarse ? 32 : 16) / dimension,
    roundTrip: (row) => {
      requireVectors(row, dimension);
      const result = coarse ? coarse.roundTrip(row) : new Float32Array(row.length);
      for (let start = 0; start < row.length; start += dimension) {
        for (let i = 0; i < dimension; i++) rest[i] = row[start + i]! - result[start + i]!;
        const factor = Math.sqrt(Math.PI / 2) / dimension * lengthOf(rest).stored;
        for (let i = 0; i < dimension; i++) {
          const direction = projection.row(i);
          let sum = 0;
          for (let j = 0; j < dimension; j++) sum += direction[j]! * rest[j]!;
          const step = sum < 0 ? -factor : factor;
          for (let j = 0; j < dimension; j++) result[start + j]! += step * direction[j]!;
        }
      }
      return result;
    },
  };
}
