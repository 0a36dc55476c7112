import { requireInteger } from "../../units/mod.ts";

/**
 * How do three values fit into bits, which come in powers of two? Five in a byte: 3⁵ = 243 ≤ 256, so 1.6 bits
 * each and not 2.
 *
 * byte = Σ (codeᵢ + 1) · 3ⁱ. The last byte is filled up with −1, which is the digit 0.
 *
 * @throws {RangeError} for a code other than −1, 0 and 1.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { packTrits, unpackTrits } from "@fewer-bytes/quantization";
 *
 * assertEquals([...packTrits([1, 0, -1, -1, 1])], [2 + 3 + 2 * 81]);
 * assertEquals([...unpackTrits(packTrits([1, 0, -1]), 3)], [1, 0, -1]);
 * ```
 */
export function packTrits(codes: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil(codes.length / 5));
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code !== -1 && code !== 0 && code !== 1) {
      throw new RangeError(`Cannot pack trits as each must be -1, 0 or 1: trit ${i} is ${code}`);
    }
    bytes[Math.floor(i / 5)]! += (code + 1) * 3 ** (i % 5);
  }
  return bytes;
}

/**
 * The trits that {@linkcode packTrits} laid into bytes.
 *
 * @param count How many there are: the last byte does not tell.
 * @throws {RangeError} for another number of bytes, or one from 243 on, which no five trits make.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unpackTrits } from "@fewer-bytes/quantization";
 *
 * assertEquals([...unpackTrits(Uint8Array.of(242), 5)], [1, 1, 1, 1, 1]);
 * ```
 */
export function unpackTrits(bytes: Uint8Array, count: number): Int8Array<ArrayBuffer> {
  requireInteger(count, 0, "unpack trits", "their count");
  if (bytes.length !== Math.ceil(count / 5) || bytes.some((byte) => byte >= 243)) {
    throw new RangeError(
      `Cannot unpack ${count} trits as there must be ${
        Math.ceil(count / 5)
      } bytes, each below 243: current bytes are ${[
        ...bytes.subarray(0, 8),
      ]}, ${bytes.length} of them`,
    );
  }
  return Int8Array.from(
    { length: count },
    (_, i) => Math.floor(bytes[Math.floor(i / 5)]! / 3 ** (i % 5)) % 3 - 1,
  );
}
