import { fromBrain, fromHalf } from "./half.ts";

/**
 * A format in which a GGUF file holds the numbers of a tensor: in blocks, each with its scales beside it.
 *
 * A weight costs `8 · blockBytes / blockSize` bits, scales included: Q4_1 is called 4 bit and takes 5.
 */
export interface TensorFormat {
  readonly name: string;
  /** Weights in a block. */
  readonly blockSize: number;
  /** Bytes of a block. */
  readonly blockBytes: number;
  /** Writes the weights of the block at `at` to `weights`, from `start` on. */
  readonly unpack: (bytes: Uint8Array, at: number, weights: Float32Array, start: number) => void;
}

type Unpack = TensorFormat["unpack"];

const half = (bytes: Uint8Array, at: number) => fromHalf(bytes[at]! | bytes[at + 1]! << 8);
const signed = (byte: number) => byte << 24 >> 24;
const word = new Uint8Array(4);
const float = new Float32Array(word.buffer);

const unpackF32: Unpack = (bytes, at, weights, start) => {
  for (let i = 0; i < 4; i++) word[i] = bytes[at + i]!;
  weights[start] = float[0]!;
};

const unpackF16: Unpack = (bytes, at, weights, start) => {
  weights[start] = half(bytes, at);
};

const unpackBF16: Unpack = (bytes, at, weights, start) => {
  weights[start] = fromBrain(bytes[at]! | bytes[at + 1]! << 8);
};

/** One scale for 32 signed bytes. */
const unpackQ8: Unpack = (bytes, at, weights, start) => {
  const scale = half(bytes, at);
  for (let i = 0; i < 32; i++) weights[start + i] = scale * signed(bytes[at + 2 + i]!);
};

/**
 * 32 weights of 4 or 5 bits: a scale; for the kinds that have it, a minimum; the fifth bits; the lower four. The first
 * half of the weights is in the low halves of the bytes. Kinds without a minimum are centered on zero.
 */
function small(bits: 4 | 5, hasMinimum: boolean): Unpack {
  return (bytes, at, weights, start) => {
    const scale = half(bytes, at);
    const lowest = hasMinimum ? half(bytes, at + 2) : -scale * 2 ** (bits - 1);
    const high = at + (hasMinimum ? 4 : 2);
    const low = bits === 5 ? high + 4 : high;
    for (let i = 0; i < 32; i++) {
      let code = bytes[low + i % 16]! >> (i < 16 ? 0 : 4) & 15;
      if (bits === 5) code |= (bytes[high + (i >> 3)]! >> (i & 7) & 1) << 4;
      weights[start + i] = scale * code + lowest;
    }
  };
}

/**
 * 256 weights of 4 or 5 bits in eight groups. Each group has a scale and a minimum of six bits, twelve bytes for all,
 * and these have a scale each in turn.
 */
function nested(bits: 4 | 5): Unpack {
  return (bytes, at, weights, start) => {
    const scale = half(bytes, at);
    const minimumScale = half(bytes, at + 2);
    const packed = at + 4;
    const high = at + 16;
    const low = bits === 5 ? high + 32 : high;
    for (let group = 0; group < 8; group++) {
      const first = bytes[packed + group]!;
      const second = bytes[packed + group + 4]!;
      // The upper two bits of the first eight bytes belong to the groups from 4 on.
      const before = group < 4 ? 0 : bytes[packed + group - 4]!;
      const step = scale * (group < 4 ? first & 63 : second & 15 | before >> 6 << 4);
      const lowest = -minimumScale * (group < 4 ? second & 63 : second >> 4 | first >> 6 << 4);
      for (let i = 0; i < 32; i++) {
        let code = bytes[low + (group >> 1) * 32 + i]! >> (group & 1) * 4 & 15;
        if (bits === 5) code |= (bytes[high + i]! >> group & 1) << 4;
        weights[start + group * 32 + i] = step * code + lowest;
      }
    }
  };
}

/** 256 weights of 6 bits, the lower four before the upper two, with a signed scale for every 16 and one for all. */
const unpackQ6: Unpack = (bytes, at, weights, start) => {
  const scale = half(bytes, at + 208);
  for (let i = 0; i < 256; i++) {
    const upper = i >> 7; // which half of the block
    const quarter = i >> 5 & 3; // and which quarter of that
    const place = i & 31;
    const low = bytes[at + upper * 64 + (quarter & 1) * 32 + place]! >> (quarter >> 1) * 4 & 15;
    const high = bytes[at + 128 + upper * 32 + place]! >> quarter * 2 & 3;
    weights[start + i] = scale * signed(bytes[at + 192 + (i >> 4)]!) * ((low | high << 4) - 32);
  }
};

/** The formats that are read, by the number that stands for them in a file. */
export const tensorFormats: ReadonlyMap<number, TensorFormat> = new Map([
  [0, { name: "F32", blockSize: 1, blockBytes: 4, unpack: unpackF32 }],
  [1, { name: "F16", blockSize: 1, blockBytes: 2, unpack: unpackF16 }],
  [2, { name: "Q4_0", blockSize: 32, blockBytes: 18, unpack: small(4, false) }],
  [3, { name: "Q4_1", blockSize: 32, blockBytes: 20, unpack: small(4, true) }],
  [6, { name: "Q5_0", blockSize: 32, blockBytes: 22, unpack: small(5, false) }],
  [7, { name: "Q5_1", blockSize: 32, blockBytes: 24, unpack: small(5, true) }],
  [8, { name: "Q8_0", blockSize: 32, blockBytes: 34, unpack: unpackQ8 }],
  [12, { name: "Q4_K", blockSize: 256, blockBytes: 144, unpack: nested(4) }],
  [13, { name: "Q5_K", blockSize: 256, blockBytes: 176, unpack: nested(5) }],
  [14, { name: "Q6_K", blockSize: 256, blockBytes: 210, unpack: unpackQ6 }],
  [30, { name: "BF16", blockSize: 1, blockBytes: 2, unpack: unpackBF16 }],
]);

/**
 * Which weights do these bytes stand for? Widens whole blocks to 32-bit floats.
 *
 * The layouts are those of ggml, which gives them no other specification than its code.
 *
 * @throws {RangeError} when the bytes are not a whole number of blocks.
 * @example A block of Q8_0: a scale of 0.5 as a 16-bit float, then 32 signed bytes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dequantize, tensorFormats } from "@fewer-bytes/lm";
 *
 * const block = Uint8Array.of(0x00, 0x38, 4, 254, ...new Uint8Array(30));
 * assertEquals([...dequantize(tensorFormats.get(8)!, block).slice(0, 3)], [2, -1, 0]);
 * ```
 */
export function dequantize(format: TensorFormat, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const { name, blockSize, blockBytes, unpack } = format;
  const blocks = bytes.length / blockBytes;
  if (!Number.isInteger(blocks)) {
    throw new RangeError(
      `Cannot dequantize GGUF's ${name} as the length must be a multiple of ${blockBytes} bytes: current length is ${bytes.length}`,
    );
  }
  const weights = new Float32Array(blocks * blockSize);
  for (let block = 0; block < blocks; block++) {
    unpack(bytes, block * blockBytes, weights, block * blockSize);
  }
  return weights;
}
