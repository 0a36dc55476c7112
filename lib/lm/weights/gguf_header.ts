import type { ByteSource } from "./byte_source.ts";
import { type TensorFormat, tensorFormats } from "./dequantize.ts";
import { type GgufValue, HeaderCursor, MoreBytes, shown } from "./gguf_values.ts";

/** Where a tensor stands in a GGUF file, and how. */
export interface GgufTensor {
  readonly name: string;
  readonly format: TensorFormat;
  /** Sizes, the outermost first, as elsewhere in this library; the file has them the other way round. */
  readonly shape: readonly number[];
  /** Bytes from the beginning of the file, and how many. */
  readonly offset: number;
  readonly length: number;
}

/** What a GGUF file says before the numbers come. */
export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** Headers beyond these are refused; that of a model with 256,000 words and a thousand layers is smaller. */
const largestHeader = 2 ** 26;
const mostEntries = 65_535;
const longestName = 65_535;

/**
 * Reads what a GGUF file (version 2 or 3, little-endian) says about itself: metadata, and where each tensor stands.
 *
 * Nothing in the file is believed: counts and lengths must fit in the bytes that are left before anything is allocated
 * for them; tensors must lie inside the file, aligned, without overlap. The published parser for JavaScript
 * (`@huggingface/gguf`) opens paths and addresses, not bytes; it takes what is missing at the end of a cut file for
 * zeros, and it does not look where tensors stand. So the header is read here.
 *
 * @throws {SyntaxError} naming the field or the tensor that is wrong.
 */
export async function readGgufHeader(source: ByteSource): Promise<GgufHeader> {
  const limit = Math.min(source.length, largestHeader);
  // The header does not say how long it is: where the part read so far ends too soon, twice as much is read.
  for (let length = Math.min(limit, 2 ** 20);; length = Math.min(limit, 2 * length)) {
    const bytes = await source.read(0, length);
    if (bytes.length !== length) {
      throw new SyntaxError(`Cannot read GGUF: the file ends early, at byte ${bytes.length}`);
    }
    try {
      return parse(new HeaderCursor(bytes, limit), source.length);
    } catch (error) {
      if (!(error instanceof MoreBytes)) throw error;
    }
  }
}

function parse(cursor: HeaderCursor, fileLength: number): GgufHeader {
  if (cursor.uint32("magic") !== 0x46554747) cursor.fail("magic", 'must be the letters "GGUF"');
  const version = cursor.uint32("version");
  if (version !== 2 && version !== 3) cursor.fail("version", "must be 2 or 3", version);
  const tensorCount = cursor.count("tensor_count", 24, mostEntries);
  const metadataCount = cursor.count("metadata_kv_count", 13, mostEntries);

  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < metadataCount; index++) {
    const key = cursor.string(`metadata key ${index}`, longestName);
    if (metadata.has(key)) cursor.fail(shown(key), "must not be given twice");
    metadata.set(key, cursor.value(shown(key)));
  }
  const alignment = metadata.get("general.alignment") ?? 32;
  if (typeof alignment !== "number" || !Number.isInteger(Math.log2(alignment)) || alignment < 1) {
    return cursor.fail("general.alignment", "must be a power of two", alignment);
  }

  const read = Array.from({ length: tensorCount }, (_, index) => tensorAt(cursor, index));
  const start = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const tensor of read) {
    const { name, offset, length } = tensor;
    const label = `tensor ${shown(name)}`;
    if (tensors.has(name)) cursor.fail(label, "must not be given twice");
    if (offset % alignment !== 0) {
      cursor.fail(`${label}: offset`, `must be a multiple of ${alignment}`, offset);
    }
    if (start + offset + length > fileLength) {
      cursor.fail(
        `${label}: offset`,
        `must leave room for ${length} bytes in the file of ${fileLength}`,
        offset,
      );
    }
    tensors.set(name, { ...tensor, offset: start + offset });
  }
  const ordered = [...tensors.values()].toSorted((a, b) => a.offset - b.offset);
  ordered.forEach(({ name, offset }, index) => {
    const before = ordered[index - 1];
    if (before && offset < before.offset + before.length) {
      cursor.fail(
        `tensor ${shown(name)}: offset`,
        `must not overlap tensor ${shown(before.name)}`,
        offset - start,
      );
    }
  });
  return { version, metadata, tensors };
}

/** Reads what is said about one tensor; its offset is still counted from where the numbers begin. */
function tensorAt(cursor: HeaderCursor, index: number): GgufTensor {
  const name = cursor.string(`name of tensor ${index}`, longestName);
  const label = `tensor ${shown(name)}`;
  const dimensions = cursor.uint32(`${label}: n_dimensions`);
  if (dimensions < 1 || dimensions > 4) {
    cursor.fail(`${label}: n_dimensions`, "must be from 1 to 4", dimensions);
  }
  const shape: number[] = [];
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const size = cursor.uint64(`${label}: dimension ${dimension}`);
    if (typeof size !== "number" || size < 1) {
      return cursor.fail(`${label}: dimension ${dimension}`, "must be from 1 to 2^53", size);
    }
    shape.unshift(size);
  }
  const type = cursor.uint32(`${label}: type`);
  const format = tensorFormats.get(type);
  if (!format) {
    const known = Array.from(tensorFormats, ([number, { name }]) => `${number} (${name})`);
    return cursor.fail(`${label}: type`, `must be one of ${known.join(", ")}`, type);
  }
  const { name: formatName, blockSize, blockBytes } = format;
  if (shape.at(-1)! % blockSize !== 0) {
    cursor.fail(
      `${label}: dimension 0`,
      `must be a multiple of the ${blockSize} weights in a block of ${formatName}`,
      shape.at(-1),
    );
  }
  const length = shape.reduce((product, size) => product * size, blockBytes / blockSize);
  if (!Number.isSafeInteger(length)) {
    cursor.fail(`${label}: dimensions`, `are too large: they are ${shape}`);
  }
  const offset = cursor.uint64(`${label}: offset`);
  if (typeof offset !== "number") {
    return cursor.fail(`${label}: offset`, "must lie in the file", offset);
  }
  return { name, format, shape, offset, length };
}
