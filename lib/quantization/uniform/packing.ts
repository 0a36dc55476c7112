import { requireInteger } from "../../units/mod.ts";

/**
 * How do codes of 3 bits lie in bytes of 8? One after another, with no gap, the lowest bit first.
 *
 * Negative codes keep their lowest bits (two's complement). Only the last byte may have bits to spare,
 * so n codes take ⌈n × bits / 8⌉ bytes.
 *
 * @param codes Whole numbers that fit the bits, signed or unsigned.
 * @param bits Bits for each code, from 1 to 16.
 * @throws {RangeError} when a code does not fit.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { packCodes, unpackCodes } from "@fewer-bytes/quantization";
 *
 * const packed = packCodes([-1, 2, 3, -4, 0, 1, -2, 3], 3);
 * assertEquals(packed.length, 3);
 * assertEquals([...unpackCodes(packed, { bits: 3, count: 8, signed: true })], [-1, 2, 3, -4, 0, 1, -2, 3]);
 * ```
 */
export function packCodes(codes: ArrayLike<number>, bits: number): Uint8Array<ArrayBuffer> {
  requireWidth(bits);
  const packed = new Uint8Array(Math.ceil(codes.length * bits / 8));
  const mask = 2 ** bits - 1;
  const lowest = -(2 ** (bits - 1));
  // Bits wait in `pending` until eight are there: at most 7 + 16 of them, well inside a whole number of 32 bits.
  let pending = 0, waiting = 0, byte = 0;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (!(Number.isInteger(code) && code >= lowest && code <= mask)) {
      throw new RangeError(
        `Cannot pack codes as each must be a whole number of ${bits} bits: current value is ${code}`,
      );
    }
    pending |= (code & mask) << waiting;
    for (waiting += bits; waiting >= 8; waiting -= 8, pending >>>= 8) {
      packed[byte++] = pending & 255;
    }
  }
  if (waiting > 0) packed[byte] = pending & 255;
  return packed;
}

/** How packed codes are to be read. */
export interface PackedLayout {
  /** Bits for each code, from 1 to 16. */
  readonly bits: number;
  /** How many codes there are. */
  readonly count: number;
  /** Whether the highest bit of a code is its sign. */
  readonly signed: boolean;
}

/**
 * Which codes lie in these bytes? The way back from `packCodes()`.
 *
 * @throws {RangeError} when the bytes are fewer or more than that many codes take.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { unpackCodes } from "@fewer-bytes/quantization";
 *
 * const layout = { bits: 4, count: 2 };
 * const byte = Uint8Array.of(0xf1);
 * assertEquals([...unpackCodes(byte, { ...layout, signed: false })], [1, 15]);
 * assertEquals([...unpackCodes(byte, { ...layout, signed: true })], [1, -1]);
 * ```
 */
export function unpackCodes(packed: Uint8Array, layout: PackedLayout): Int32Array<ArrayBuffer> {
  const { bits, count, signed } = layout;
  requireWidth(bits);
  requireInteger(count, 0, "unpack codes", "count");
  const needed = Math.ceil(count * bits / 8);
  if (packed.length !== needed) {
    throw new RangeError(
      `Cannot unpack codes as ${count} of ${bits} bits take ${needed} bytes: current length is ${packed.length}`,
    );
  }
  const codes = new Int32Array(count);
  const unused = 32 - bits;
  let pending = 0, waiting = 0, byte = 0;
  for (let i = 0; i < count; i++) {
    for (; waiting < bits; waiting += 8) pending |= packed[byte++]! << waiting;
    const shifted = pending << unused; // the shift back brings the sign along, or not
    codes[i] = signed ? shifted >> unused : shifted >>> unused;
    pending >>>= bits;
    waiting -= bits;
  }
  return codes;
}

function requireWidth(bits: number) {
  requireInteger(bits, 1, "pack codes", "bits");
  if (bits > 16) {
    throw new RangeError(`Cannot pack codes as bits must be at most 16: current value is ${bits}`);
  }
}
