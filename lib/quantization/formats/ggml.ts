import { dequantize, tensorFormats } from "../../lm/mod.ts";
import { type PackedFormat, packedFormat } from "./block_format.ts";
import { largestOf } from "./row.ts";
import { smallFloats } from "./small_float.ts";

const { fround } = Math;

/** The two bytes of a 16-bit float, low one first. */
function half(value: number): [number, number] {
  const code = smallFloats.fp16.encode(value);
  return [code & 255, code >> 8];
}

/** What a step is multiplied with, in 32 bits, as ggml does; 0 for no step. */
const inverse = (step: number) => step ? fround(1 / step) : 0;

/** Codes of four bits in ggml's order: the first half of a block in the low halves of the bytes. */
const nibbles = (codes: readonly number[]) =>
  codes.slice(0, 16).map((low, i) => low | codes[i + 16]! << 4);

const encoders = {
  /** 16 levels from −8 to 7 steps. The extreme value gets −8, whatever its sign is: so a step may be negative. */
  Q4_0: (block: Float32Array) => {
    let extreme = 0;
    for (const value of block) if (Math.abs(value) > Math.abs(extreme)) extreme = value;
    const step = fround(extreme / -8);
    const factor = inverse(step);
    const code = (value: number) => Math.min(15, Math.trunc(fround(fround(value * factor) + 8.5)));
    return [...half(step), ...nibbles(Array.from(block, code))];
  },
  /** 16 levels from the minimum to the maximum. */
  Q4_1: (block: Float32Array) => {
    const minimum = Math.min(...block);
    const step = fround(fround(Math.max(...block) - minimum) / 15);
    const factor = inverse(step);
    const code = (value: number) =>
      Math.min(15, Math.trunc(fround(fround(fround(value - minimum) * factor) + 0.5)));
    return [...half(step), ...half(minimum), ...nibbles(Array.from(block, code))];
  },
  /** 255 levels from −127 to 127 steps; halves are rounded away from zero. */
  Q8_0: (block: Float32Array) => {
    const step = fround(largestOf(block) / 127);
    const factor = inverse(step);
    const code = (value: number) => {
      const steps = fround(value * factor);
      return Math.sign(steps) * Math.floor(Math.abs(steps) + 0.5) & 255;
    };
    return [...half(step), ...Array.from(block, code)];
  },
};

/**
 * How does a GGUF file come to its bits? The formats of ggml that round each value by itself: blocks of 32, a
 * 16-bit scale, and for Q4_1 a 16-bit minimum.
 *
 * Codes are computed with the unrounded scale in 32-bit arithmetic, as the original does, and read back with
 * the scale as stored: the bytes are the same, bit for bit. A scale beyond 65,504 saturates there.
 *
 * @param name "Q4_0" (4.5 bits), "Q4_1" (5 bits) or "Q8_0" (8.5 bits).
 * @example The value of largest magnitude, 4, has a level of its own; its mirror image does not
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ggmlFormat } from "@fewer-bytes/quantization";
 *
 * const row = new Float32Array(32);
 * row.set([4, -4, 0.5]);
 * assertEquals([...ggmlFormat("Q4_0").roundTrip(row).slice(0, 3)], [4, -3.5, 0.5]);
 * ```
 */
export function ggmlFormat(name: keyof typeof encoders): PackedFormat {
  const stored = [...tensorFormats.values()].find((format) => format.name === name);
  const pack = encoders[name];
  if (!stored || !pack) {
    throw new RangeError(
      `Cannot encode a block as its format must be one of ${
        Object.keys(encoders).join(", ")
      }: current value is ${JSON.stringify(name)}`,
    );
  }
  const { blockSize, blockBytes } = stored;
  const unpack = (bytes: Uint8Array) => dequantize(stored, bytes);
  return packedFormat({ name, blockSize, blockBytes, pack, unpack });
}
