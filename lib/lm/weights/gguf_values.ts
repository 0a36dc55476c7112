/** A list in the metadata. */
export type GgufList =
  | readonly string[]
  | readonly boolean[]
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A value in the metadata of a GGUF file. Whole numbers of 64 bits are bigints only where a number cannot hold them. */
export type GgufValue = string | boolean | number | bigint | GgufList;

/** A value in a message: on one line, and short, whatever a file holds. */
export function shown(value: unknown): string {
  if (typeof value === "object" && value !== null && "length" in value) {
    return `a list of ${value.length}`;
  }
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/** Says that a field goes on beyond the bytes at hand, but within the file. */
export class MoreBytes extends Error {}

const lists = [
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  undefined,
  undefined,
  undefined,
  BigUint64Array,
  BigInt64Array,
  Float64Array,
] as const;
const [booleanType, stringType, arrayType] = [7, 8, 9];

/** Walks through the header of a GGUF file; every step says which field it reads, for the error. */
export class HeaderCursor {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #position = 0;

  /**
   * @param limit Bytes that the header may take at most; those at hand may be fewer.
   */
  constructor(bytes: Uint8Array<ArrayBuffer>, readonly limit: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  /** @throws {SyntaxError} always. */
  fail(field: string, requirement: string, value?: unknown): never {
    const current = value === undefined ? "" : `: current value is ${shown(value)}`;
    throw new SyntaxError(`Cannot read GGUF: ${field} ${requirement}${current}`);
  }

  /** Goes on by so many bytes, which must be there, and returns where they begin. */
  #take(length: number, field: string): number {
    const start = this.#position;
    if (length > this.limit - start) {
      this.fail(
        field,
        `at byte ${start} must end within the ${this.limit} bytes of the header or file`,
      );
    }
    if (length > this.#bytes.length - start) throw new MoreBytes();
    this.#position += length;
    return start;
  }

  uint32(field: string): number {
    return this.#view.getUint32(this.#take(4, field), true);
  }

  uint64(field: string): number | bigint {
    return exact(this.#view.getBigUint64(this.#take(8, field), true));
  }

  /** A number of things that take at least so many bytes each, all of which must fit in what is left. */
  count(field: string, bytesEach: number, most = Infinity): number {
    const count = this.uint64(field);
    const fitting = Math.floor((this.limit - this.#position) / bytesEach);
    if (count > most) this.fail(field, `must be at most ${most}`, count);
    return count <= fitting ? Number(count) : this.fail(
      field,
      `must be at most ${fitting}, as many as fit in the rest of the file`,
      count,
    );
  }

  /** @param most Bytes that it may have. */
  string(field: string, most = Infinity): string {
    const length = this.count(`length of ${field}`, 1, most);
    const start = this.#take(length, field);
    try {
      return this.#text.decode(this.#bytes.subarray(start, start + length));
    } catch {
      return this.fail(field, "must be UTF-8");
    }
  }

  /** A value with its type before it. */
  value(field: string): GgufValue {
    const type = this.uint32(`type of ${field}`);
    if (type === arrayType) return this.#list(field);
    if (type === stringType) return this.string(field);
    if (type === booleanType) return this.#boolean(field);
    const value = this.#numbers(type, 1, field)[0]!;
    return typeof value === "bigint" ? exact(value) : value;
  }

  #list(field: string): GgufList {
    const type = this.uint32(`element type of ${field}`);
    if (type === arrayType) this.fail(field, "must not be a list of lists");
    if (type === stringType) {
      const length = this.count(`length of ${field}`, 8);
      return this.#repeat(length, (index) => this.string(`${field}[${index}]`));
    }
    if (type === booleanType) {
      const length = this.count(`length of ${field}`, 1);
      return this.#repeat(length, (index) => this.#boolean(`${field}[${index}]`));
    }
    return this.#numbers(type, undefined, field);
  }

  #repeat<T>(length: number, read: (index: number) => T): T[] {
    const items: T[] = [];
    for (let index = 0; index < length; index++) items.push(read(index));
    return items;
  }

  #boolean(field: string): boolean {
    const byte = this.#view.getUint8(this.#take(1, field));
    return byte <= 1 ? byte === 1 : this.fail(field, "must be 0 or 1", byte);
  }

  /** Numbers of a type, with their count before them unless it is known. */
  #numbers(type: number, known: number | undefined, field: string) {
    const List = lists[type];
    if (!List) return this.fail(`type of ${field}`, "must be from 0 to 12", type);
    const size = List.BYTES_PER_ELEMENT;
    const count = known ?? this.count(`length of ${field}`, size);
    const start = this.#take(count * size, field);
    // A copy begins where an array of larger numbers may begin. Every machine that runs Deno is little-endian.
    return new List(this.#bytes.slice(start, start + count * size).buffer);
  }
}

const exact = (value: bigint): number | bigint => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
};
