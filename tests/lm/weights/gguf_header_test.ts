import { assert, assertEquals, assertInstanceOf, assertMatch, assertRejects } from "@std/assert";
import fc from "fast-check";
import { sourceOf } from "../../../lib/lm/weights/byte_source.ts";
import { readGguf } from "../../../lib/lm/weights/gguf.ts";
import { readGgufHeader } from "../../../lib/lm/weights/gguf_header.ts";
import { readGgufTokenizer } from "../../../lib/lm/weights/gguf_tokenizer.ts";
import { tiny } from "./tiny_gguf.ts";
import { type GgufParts, type TensorPart, type Typed, writeGguf } from "./write_gguf.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const tensor = (changes: Partial<TensorPart> = {}): TensorPart => ({
  name: "w",
  shape: [2, 32],
  type: 8,
  bytes: new Uint8Array(68),
  ...changes,
});
const write = (parts: Partial<GgufParts>) => writeGguf({ metadata: {}, tensors: [], ...parts });
const readHeader = (bytes: Bytes) => readGgufHeader(sourceOf(bytes));

const values: Record<string, [written: Typed, read: unknown]> = {
  u8: [["u8", 255], 255],
  i8: [["i8", -128], -128],
  u16: [["u16", 65535], 65535],
  i16: [["i16", -32768], -32768],
  u32: [["u32", 2 ** 32 - 1], 2 ** 32 - 1],
  i32: [["i32", -(2 ** 31)], -(2 ** 31)],
  u64: [["u64", 2n ** 53n - 1n], 2 ** 53 - 1],
  "u64 beyond numbers": [["u64", 2n ** 64n - 1n], 2n ** 64n - 1n],
  i64: [["i64", -5n], -5],
  f32: [["f32", 0.1], Math.fround(0.1)],
  f64: [["f64", 0.1], 0.1],
  bool: [["bool", true], true],
  string: [["string", "日本 🎉\u0000\ufeff"], "日本 🎉\u0000\ufeff"],
  strings: [["strings", ["", "\ufeff", "ü"]], ["", "\ufeff", "ü"]],
  bools: [["bools", [true, false]], [true, false]],
  i32s: [["i32s", [1, -1]], Int32Array.of(1, -1)],
  f32s: [["f32s", [0.5]], Float32Array.of(0.5)],
  none: [["i32s", []], new Int32Array()],
};

Deno.test("readGgufHeader() reads every type of value in the metadata", async () => {
  const written = Object.entries(values).map(([key, [value]]) => [key, value]);
  const { metadata } = await readHeader(write({ metadata: Object.fromEntries(written) }));
  assertEquals([...metadata.keys()], Object.keys(values));
  for (const [key, [, value]] of Object.entries(values)) assertEquals(metadata.get(key), value);
});

for (const version of [2, 3]) {
  Deno.test(`readGgufHeader() says where each tensor of version ${version} stands`, async () => {
    const tensors = [
      tensor(),
      tensor({ name: "v", shape: [3], type: 0, bytes: new Uint8Array(12) }),
      tensor({ name: "x", shape: [1, 2, 1, 32], type: 3, bytes: new Uint8Array(40) }),
    ];
    const alignment = 64;
    const metadata: Record<string, Typed> = { "general.alignment": ["u32", alignment] };
    const file = write({ version, metadata, tensors, alignment });
    const header = await readHeader(file);
    assertEquals(header.version, version);
    const found = [...header.tensors.values()].map(({ name, format, shape, offset, length }) => [
      name,
      format.name,
      shape,
      offset - (file.length - 4 * 64),
      length,
    ]);
    assertEquals(found, [
      ["w", "Q8_0", [2, 32], 0, 68],
      ["v", "F32", [3], 128, 12],
      ["x", "Q4_1", [1, 2, 1, 32], 192, 40],
    ]);
  });
}

Deno.test("readGgufHeader() reads a header of megabytes in a few steps, and not the numbers after it", async () => {
  const text = "x".repeat(2_500_000);
  const file = write({ metadata: { text: ["string", text] }, tensors: [tensor()] });
  const long = new Uint8Array(50_000_000);
  long.set(file);
  const steps: number[] = [];
  const { metadata } = await readGgufHeader({
    length: long.length,
    read(offset, length) {
      assertEquals(offset, 0);
      steps.push(length);
      return Promise.resolve(long.subarray(0, length));
    },
  });
  assertEquals(metadata.get("text"), text);
  assertEquals(steps, [2 ** 20, 2 ** 21, 2 ** 22]);
});

/** The file, with a number written over it. */
function patched(file: Bytes, at: number, value: bigint, size: 4 | 8 = 8): Bytes {
  const copy = file.slice();
  const view = new DataView(copy.buffer);
  if (size === 8) view.setBigUint64(at, value, true);
  else view.setUint32(at, Number(value & 0xffffffffn), true);
  return copy;
}

const one = write({ tensors: [tensor()] });
// Where things stand in it: magic 0, version 4, counts 8 and 16; then the tensor: name 24 and 32, dimensions 33, 37, 45,
// type 53, offset 57.
const text = write({ metadata: { key: ["string", "ü"] } });
// The key's length 24 and letters 32, the type 35, the text's length 39 and bytes 47.
const list = write({ metadata: { key: ["i32s", [1, 2]] } });
// The type 35, that of the elements 39, the length 43.
const huge = 2n ** 64n - 1n;

const refused: Record<string, [file: Bytes, message: string]> = {
  "an empty file": [new Uint8Array(), "magic at byte 0 must end within the 0 bytes"],
  "another file": [
    new TextEncoder().encode("safetensors") as Bytes,
    'magic must be the letters "GGUF"',
  ],
  "a version that is not known": [write({ version: 1 }), "version must be 2 or 3: "],
  "big-endian files": [write({ version: 3 << 24 }), "version must be 2 or 3: "],
  "more tensors than fit": [
    patched(one, 8, 8n),
    "tensor_count must be at most 7, as many as fit in the rest of the file: current value is 8",
  ],
  "more tensors than any model has": [
    patched(one, 8, huge),
    "tensor_count must be at most 65535: current value is 18446744073709551615",
  ],
  "more metadata than fit": [
    patched(text, 16, 4n),
    "metadata_kv_count must be at most 3, as many as fit in the rest of the file: current value is 4",
  ],
  "a key longer than the file": [
    patched(text, 24, huge),
    "length of metadata key 0 must be at most 65535: ",
  ],
  "a key that is no UTF-8": [patched(text, 32, 0xffn, 4), "metadata key 0 must be UTF-8"],
  "a type of value that is not known": [
    patched(text, 35, 13n, 4),
    'type of "key" must be from 0 to 12: current value is 13',
  ],
  "a text longer than the file": [patched(text, 39, 2n ** 63n), 'length of "key" must be at most'],
  "a text that is no UTF-8": [patched(text, 47, 0xffn, 4), '"key" must be UTF-8'],
  "a truth value of 2": [
    patched(write({ metadata: { key: ["bool", true] } }), 39, 2n, 4),
    '"key" must be 0 or 1: current value is 2',
  ],
  "a list longer than the file": [
    patched(list, 43, 2n ** 62n),
    'length of "key" must be at most',
  ],
  "a list of lists": [patched(list, 39, 9n, 4), '"key" must not be a list of lists'],
  "an alignment that is no power of two": [
    write({ metadata: { "general.alignment": ["u32", 48] } }),
    "general.alignment must be a power of two: current value is 48",
  ],
  "an alignment of none": [
    write({ metadata: { "general.alignment": ["u32", 0] } }),
    "general.alignment must be a power of two: current value is 0",
  ],
  "an alignment that is text": [
    write({ metadata: { "general.alignment": ["string", "32"] } }),
    'general.alignment must be a power of two: current value is "32"',
  ],
  "a tensor without dimensions": [
    patched(one, 33, 0n, 4),
    'tensor "w": n_dimensions must be from 1 to 4: current value is 0',
  ],
  "a tensor with many dimensions": [
    patched(one, 33, huge, 4),
    'tensor "w": n_dimensions must be from 1 to 4: current value is 4294967295',
  ],
  "a dimension of none": [
    patched(one, 37, 0n),
    'tensor "w": dimension 0 must be from 1 to 2^53: current value is 0',
  ],
  "a dimension beyond numbers": [
    patched(one, 45, huge),
    'tensor "w": dimension 1 must be from 1 to 2^53: current value is 18446744073709551615',
  ],
  "dimensions whose product is beyond numbers": [
    patched(one, 45, 2n ** 52n),
    'tensor "w": dimensions are too large: they are 4503599627370496,32',
  ],
  "rows that are no whole blocks": [
    patched(one, 37, 33n),
    'tensor "w": dimension 0 must be a multiple of the 32 weights in a block of Q8_0: current value is 33',
  ],
  "a tensor beyond the file": [
    patched(one, 45, 2n ** 20n),
    'tensor "w": offset must leave room for 35651584 bytes in the file of 192: current value is 0',
  ],
  "a format that is not known": [
    patched(one, 53, 16n, 4),
    'tensor "w": type must be one of 0 (F32), 1 (F16), 2 (Q4_0)',
  ],
  "an offset that is not aligned": [
    patched(one, 57, 8n),
    'tensor "w": offset must be a multiple of 32: current value is 8',
  ],
  "an offset beyond the file": [
    patched(one, 57, 2n ** 40n),
    'tensor "w": offset must leave room for 68 bytes in the file of 192: current value is 1099511627776',
  ],
  "an offset beyond numbers": [
    patched(one, 57, huge),
    'tensor "w": offset must lie in the file: current value is 18446744073709551615',
  ],
  "tensors that overlap": [
    write({ tensors: [tensor(), tensor({ name: "v", offset: 64n })] }),
    'tensor "v": offset must not overlap tensor "w": current value is 64',
  ],
  "tensors of the same name": [
    write({ tensors: [tensor(), tensor()] }),
    'tensor "w" must not be given twice',
  ],
};

for (const [what, [file, message]] of Object.entries(refused)) {
  Deno.test(`readGgufHeader() refuses ${what}`, async () => {
    await assertRejects(() => readHeader(file), SyntaxError, `Cannot read GGUF: ${message}`);
  });
}

Deno.test("readGgufHeader() refuses metadata that is given twice", async () => {
  const file = write({ metadata: { a: ["u8", 1], b: ["u8", 2] } });
  // The second key stands 8 + 1 + 4 + 1 bytes after the first.
  const at = 32 + 14;
  await assertRejects(
    () => readHeader(file.with(at, "a".charCodeAt(0)) as Bytes),
    SyntaxError,
    'Cannot read GGUF: "a" must not be given twice',
  );
});

Deno.test("readGgufHeader() refuses a source that has less than it says", async () => {
  const short = { length: 100, read: () => Promise.resolve(new Uint8Array(10)) };
  await assertRejects(
    () => readGgufHeader(short),
    SyntaxError,
    "Cannot read GGUF: the file ends early, at byte 10",
  );
});

/**
 * A file is read, or refused by an error of ours. Either way no more is asked of it than its header twice and each
 * tensor once, and no more numbers come out than the densest format has.
 */
async function readOrRefused(file: Bytes): Promise<"read" | "refused"> {
  let asked = 0;
  try {
    const { header, tensors } = await readGguf({
      length: file.length,
      read(offset, length) {
        assert(offset >= 0 && offset + length <= file.length, `${offset} + ${length}`);
        asked += length;
        return Promise.resolve(file.subarray(offset, offset + length));
      },
    });
    let weights = 0;
    for (const { data } of tensors.values()) weights += data.length;
    assert(weights <= 2 * file.length, `${weights} weights from ${file.length} bytes`);
    readGgufTokenizer(header);
    return "read";
  } catch (error) {
    const ours = error instanceof SyntaxError || error instanceof TypeError;
    assert(ours, `${error}`);
    assertInstanceOf(error, Error);
    assertMatch(error.message, /GGUF/);
    assert(error.message.length < 400, "the message is short");
    return "refused";
  } finally {
    assert(asked <= 3 * file.length, `${asked} bytes asked of ${file.length}`);
  }
}

const whole = writeGguf(tiny());
const { tensors } = await readHeader(whole);
const headerLength = Math.min(...Array.from(tensors.values(), ({ offset }) => offset));

Deno.test("readGguf() refuses a file that is cut anywhere", async () => {
  assertEquals(await readOrRefused(whole), "read");
  for (let length = 0; length < whole.length; length++) {
    assertEquals(await readOrRefused(whole.slice(0, length)), "refused", `cut at ${length}`);
  }
});

Deno.test("readGguf() reads or refuses a file with any bytes of the header changed", async () => {
  const change = fc.tuple(fc.nat(headerLength - 1), fc.nat(255));
  const changes = fc.array(change, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(changes, async (changes) => {
      const file = whole.slice();
      for (const [at, byte] of changes) file[at] = byte;
      await readOrRefused(file);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("readGguf() reads or refuses a file with an extreme number at any place of the header", async () => {
  for (const value of [0n, 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, huge]) {
    for (let at = 0; at + 8 <= headerLength; at++) {
      await readOrRefused(patched(whole, at, value));
      await readOrRefused(patched(whole, at, value, 4));
    }
  }
});
