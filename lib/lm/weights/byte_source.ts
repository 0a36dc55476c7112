/** Bytes that are read piece by piece, so that a large file need not stand in memory as a whole. */
export interface ByteSource {
  /** How many bytes there are. */
  readonly length: number;
  /** Gives `length` bytes from `offset`; both lie within the source. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes that are in memory already, as a source. Nothing is copied. */
export function sourceOf(bytes: Uint8Array<ArrayBuffer>): ByteSource {
  return {
    length: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
