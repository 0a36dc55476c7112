/** A writer of small GGUF files for the tests. It follows the specification, and takes wrong values as they are. */
export interface GgufParts {
  readonly version?: number;
  readonly alignment?: number;
  readonly metadata: Readonly<Record<string, Typed>>;
  readonly tensors: readonly TensorPart[];
}

/** A value and its type in the file. */
export type Typed =
  | readonly ["u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64", number]
  | readonly ["u64" | "i64", bigint]
  | readonly ["bool", boolean]
  | readonly ["string", string]
  | readonly ["strings", readonly string[]]
  | readonly ["bools", readonly boolean[]]
  | readonly ["i32s", readonly number[]]
  | readonly ["f32s", readonly number[]];

export interface TensorPart {
  readonly name: string;
  /** The outermost first. */
  readonly shape: readonly number[];
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Said in place of the true offset. */
  readonly offset?: bigint;
}

const types = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  u64: 10,
  i64: 11,
  f64: 12,
};

export function writeGguf(parts: GgufParts): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const number = (type: keyof typeof types, value: number | bigint) => {
    const view = new DataView(new ArrayBuffer(8));
    const size = write(view, type, value);
    bytes.push(...new Uint8Array(view.buffer, 0, size));
  };
  const string = (text: string) => {
    const encoded = new TextEncoder().encode(text);
    number("u64", BigInt(encoded.length));
    for (const byte of encoded) bytes.push(byte);
  };
  const list = <T>(type: keyof typeof types, items: readonly T[], each: (item: T) => void) => {
    number("u32", 9);
    number("u32", types[type]);
    number("u64", BigInt(items.length));
    items.forEach(each);
  };
  bytes.push(...new TextEncoder().encode("GGUF"));
  number("u32", parts.version ?? 3);
  number("u64", BigInt(parts.tensors.length));
  number("u64", BigInt(Object.keys(parts.metadata).length));
  for (const [key, [type, value]] of Object.entries(parts.metadata)) {
    string(key);
    if (type === "strings") list("string", value, string);
    else if (type === "bools") list("bool", value, (item) => number("u8", Number(item)));
    else if (type === "i32s") list("i32", value, (item) => number("i32", item));
    else if (type === "f32s") list("f32", value, (item) => number("f32", item));
    else {
      number("u32", types[type]);
      if (type === "string") string(value);
      else number(type === "bool" ? "u8" : type, type === "bool" ? Number(value) : value);
    }
  }
  const alignment = parts.alignment ?? 32;
  const align = (length: number) => Math.ceil(length / alignment) * alignment;
  let offset = 0;
  for (const tensor of parts.tensors) {
    string(tensor.name);
    number("u32", tensor.shape.length);
    for (const size of tensor.shape.toReversed()) number("u64", BigInt(size));
    number("u32", tensor.type);
    number("u64", tensor.offset ?? BigInt(offset));
    offset += align(tensor.bytes.length);
  }
  const start = align(bytes.length);
  const file = new Uint8Array(start + offset);
  file.set(bytes);
  offset = start;
  for (const tensor of parts.tensors) {
    file.set(tensor.bytes, offset);
    offset += align(tensor.bytes.length);
  }
  return file;
}

/** Writes one number, and returns how many bytes it takes. */
function write(view: DataView, type: keyof typeof types, value: number | bigint): number {
  if (type === "u64") view.setBigUint64(0, BigInt(value), true);
  else if (type === "i64") view.setBigInt64(0, BigInt(value), true);
  else if (type === "f64") view.setFloat64(0, Number(value), true);
  else if (type === "f32") view.setFloat32(0, Number(value), true);
  else view.setUint32(0, Number(value), true);
  return type.endsWith("64") ? 8 : type.endsWith("32") ? 4 : type.endsWith("16") ? 2 : 1;
}
