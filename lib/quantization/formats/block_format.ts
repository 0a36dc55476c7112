import { requireRow } from "./row.ts";

/** A way to store a row of numbers in few bits: whole blocks of them, each with what they share beside it. */
export interface BlockFormat {
  readonly name: string;
  /** Values in a block, which share what is stored beside them; a row must be whole blocks. */
  readonly blockSize: number;
  /** Bits of a value, its part of the block's scale included; what a whole tensor shares is not. */
  readonly bitsPerValue: number;
  /** What is left of a row after it was stored and read back. */
  readonly roundTrip: (row: Float32Array) => Float32Array<ArrayBuffer>;
}

/** A block format with a layout: block after block, each so many bytes. */
export interface PackedFormat extends BlockFormat {
  readonly blockBytes: number;
  readonly encode: (row: Float32Array) => Uint8Array<ArrayBuffer>;
  readonly decode: (bytes: Uint8Array) => Float32Array<ArrayBuffer>;
}

/** What {@linkcode packedFormat} needs to know: a name, a size, and the way of one block. */
export interface BlockLayout {
  readonly name: string;
  readonly blockSize: number;
  readonly blockBytes: number;
  /** The bytes of a block; so many as `blockBytes` says. */
  readonly pack: (block: Float32Array) => ArrayLike<number>;
  /** The values of a block. */
  readonly unpack: (bytes: Uint8Array) => ArrayLike<number>;
}

/**
 * What does a format cost, and what does it do to a row? Makes both out of the way of one block.
 *
 * @returns A format that refuses rows of no whole number of blocks, and values that are not finite.
 * @example Signs in bytes, and nothing else
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { packedFormat } from "@fewer-bytes/quantization";
 *
 * const signs = packedFormat({
 *   name: "signs",
 *   blockSize: 2,
 *   blockBytes: 1,
 *   pack: ([a, b]) => [Number(a! < 0) + 2 * Number(b! < 0)],
 *   unpack: ([byte]) => [byte! & 1 ? -1 : 1, byte! & 2 ? -1 : 1],
 * });
 * assertEquals(signs.bitsPerValue, 4);
 * assertEquals([...signs.roundTrip(Float32Array.of(0.3, -2, -5, 9))], [1, -1, -1, 1]);
 * ```
 */
export function packedFormat(layout: BlockLayout): PackedFormat {
  const { name, blockSize, blockBytes, pack, unpack } = layout;
  const encode = (row: Float32Array) => {
    requireRow(row, blockSize, name);
    const bytes = new Uint8Array(row.length / blockSize * blockBytes);
    for (let block = 0; block * blockSize < row.length; block++) {
      const values = row.subarray(block * blockSize, (block + 1) * blockSize);
      bytes.set(pack(values), block * blockBytes);
    }
    return bytes;
  };
  const decode = (bytes: Uint8Array) => {
    const blocks = bytes.length / blockBytes;
    if (!Number.isInteger(blocks)) {
      throw new RangeError(
        `Cannot decode ${name} as the length must be a multiple of ${blockBytes} bytes: current length is ${bytes.length}`,
      );
    }
    const row = new Float32Array(blocks * blockSize);
    for (let block = 0; block < blocks; block++) {
      const own = bytes.subarray(block * blockBytes, (block + 1) * blockBytes);
      row.set(unpack(own), block * blockSize);
    }
    return row;
  };
  const roundTrip = (row: Float32Array) => decode(encode(row));
  return {
    name,
    blockSize,
    blockBytes,
    bitsPerValue: 8 * blockBytes / blockSize,
    encode,
    decode,
    roundTrip,
  };
}
