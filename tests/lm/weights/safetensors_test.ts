import { assert, assertEquals, assertInstanceOf, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { readSafetensors } from "../../../lib/lm/weights/safetensors.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Writes a file: the header's length, the header, the data. */
function file(header: unknown, data: Uint8Array = new Uint8Array()): Bytes {
  const text = new TextEncoder().encode(
    typeof header === "string" ? header : JSON.stringify(header),
  );
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: unknown, from: unknown, to: unknown) => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

/** All 65,536 patterns of 16 bits, the lower byte first. */
const patterns = Uint8Array.from(
  { length: 2 * 65536 },
  (_, index) => index % 2 ? index >> 9 : index >> 1 & 255,
);

function readPatterns(dtype: string): Float32Array {
  const bytes = file({ all: entry(dtype, [256, 256], 0, patterns.length) }, patterns);
  return readSafetensors(bytes).get("all")!.data;
}

Deno.test("readSafetensors() widens all 65,536 values of F16 as the language's own Float16Array does", () => {
  const expected = new Float16Array(patterns.buffer);
  readPatterns("F16").forEach((value, bits) => {
    if (!Object.is(value, expected[bits])) assertEquals(value, expected[bits], `bits ${bits}`);
  });
});

Deno.test("readSafetensors() widens all 65,536 values of BF16 as their definition has it", () => {
  readPatterns("BF16").forEach((value, bits) => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, bits >> 7 & 255, bits % 128];
    const expected = exponent === 255
      ? (fraction ? NaN : sign * Infinity)
      : exponent === 0
      ? sign * fraction * 2 ** -133
      : sign * (128 + fraction) * 2 ** (exponent - 134);
    if (!Object.is(value, expected)) assertEquals(value, expected, `bits ${bits}`);
  });
});

Deno.test("readSafetensors() gives back every F32 that was written, with names and shapes", () => {
  const tensors = fc.dictionary(
    fc.string().filter((name) => name !== "__metadata__"),
    fc.float32Array({ maxLength: 12 }),
    { maxKeys: 5, noNullPrototype: true },
  );
  fc.assert(fc.property(tensors, (written) => {
    const all = Object.entries(written);
    let end = 0;
    const header = all.map(([name, { length }]) =>
      [name, entry("F32", [1, length], end, end += 4 * length)] as const
    );
    const data = new Uint8Array(end);
    for (const [index, [, values]] of all.entries()) {
      data.set(new Uint8Array(values.slice().buffer), header[index]![1].data_offsets[0] as number);
    }
    const meta = ["__metadata__", { format: "pt" }] as const;
    const read = readSafetensors(file(Object.fromEntries([meta, ...header]), data));
    assertEquals([...read.keys()].toSorted(), Object.keys(written).toSorted());
    for (const [name, values] of all) {
      const tensor = read.get(name)!;
      assertEquals({ ...tensor, data: [...tensor.data] }, {
        name,
        storedAs: "F32",
        shape: [1, values.length],
        data: [...values],
      });
    }
  }));
});

Deno.test("readSafetensors() reads a file that begins anywhere in its buffer", () => {
  const plain = file({ a: entry("F32", [1], 0, 4) }, Uint8Array.of(0, 0, 0x80, 0x3f));
  const shifted = new Uint8Array(plain.length + 3);
  shifted.set(plain, 3);
  assertEquals([...readSafetensors(shifted.subarray(3)).get("a")!.data], [1]);
});

const eight = new Uint8Array(8);
const refused: Record<string, [file: Bytes, message: string]> = {
  "a file without a header": [
    new Uint8Array(7),
    "the file must have at least 8 bytes: current length is 7",
  ],
  "a header beyond the file": [
    Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 123),
    "the header's length must fit in the file and in 33554432 bytes: current value is 18446744073709551615",
  ],
  "a header that is no JSON": [file("{"), "the header must be JSON: "],
  "a header that is no UTF-8": [
    file({ a: 1 }).with(9, 0xff) as Bytes,
    "the header must be JSON: ",
  ],
  "a header that is a list": [file([]), "the header must be a JSON object"],
  "a header that is null": [file(null), "the header must be a JSON object"],
  "an entry that is no object": [file({ a: 1 }), '"a": the entry: '],
  "an unknown type": [file({ a: entry("I64", [1], 0, 8) }, eight), '"a": dtype: '],
  "a negative size": [file({ a: entry("F32", [-1], 0, 4) }, eight), '"a": shape.0: '],
  "a size that is no whole number": [
    file({ a: entry("F32", [1.5], 0, 6) }, eight),
    '"a": shape.0: ',
  ],
  "more than eight sizes": [
    file({ a: entry("F32", [1, 1, 1, 1, 1, 1, 1, 1, 1], 0, 4) }, eight),
    '"a": shape: ',
  ],
  "a missing offset": [
    file({ a: { dtype: "F32", shape: [1], data_offsets: [0] } }, eight),
    '"a": data_offsets',
  ],
  "a negative offset": [file({ a: entry("F32", [1], -4, 0) }, eight), '"a": data_offsets.0: '],
  "a field that is not in the format": [
    file({ a: { ...entry("F32", [1], 0, 4), strides: [1] } }, eight),
    '"a": the entry: ',
  ],
  "offsets that do not fit the shape": [
    file({ a: entry("F16", [3], 0, 4) }, eight),
    '"a": data_offsets must span the 6 bytes of shape [3]: current values are 0 and 4',
  ],
  "offsets in the wrong order": [
    file({ a: entry("F32", [1], 4, 0) }, eight),
    '"a": data_offsets must span the 4 bytes of shape [1]: current values are 4 and 0',
  ],
  "a shape too large to count": [
    file({ a: entry("F32", [2 ** 52, 2 ** 52], 0, 4) }, eight),
    '"a": data_offsets must span',
  ],
  "data beyond the file": [
    file({ a: entry("F32", [3], 0, 12) }, eight),
    '"a": data_offsets must lie in the file of ',
  ],
  "tensors that overlap": [
    file({ a: entry("F32", [1], 0, 4), b: entry("F32", [1], 2, 6) }, eight),
    '"b": data_offsets overlap those of "a"',
  ],
  "a gap between tensors": [
    file({ a: entry("F32", [], 0, 4), b: entry("F32", [0], 8, 8) }, eight),
    '"b": data_offsets must begin at 4, where the data before ends: current value is 8',
  ],
  "a name that stands twice": [
    file(
      '{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}',
      eight,
    ),
    '"a": data_offsets must begin at 0, where the data before ends: current value is 4',
  ],
  "bytes that belong to no tensor": [
    file({ a: entry("F32", [], 0, 4) }, eight),
    "the file must end with the data, at ",
  ],
};

for (const [what, [bytes, message]] of Object.entries(refused)) {
  Deno.test(`readSafetensors() refuses ${what}`, () => {
    assertThrows(() => readSafetensors(bytes), SyntaxError, `Cannot read safetensors: ${message}`);
  });
}

/** A file is read, to no more numbers than it has bytes, or refused by an error of ours. */
function readOrRefused(bytes: Bytes): "read" | "refused" {
  try {
    let numbers = 0;
    for (const { data } of readSafetensors(bytes).values()) numbers += data.length;
    assert(numbers <= bytes.length, `${numbers} numbers from ${bytes.length} bytes`);
    return "read";
  } catch (error) {
    assertInstanceOf(error, SyntaxError);
    assertMatch(error.message, /^Cannot read safetensors: /);
    return "refused";
  }
}

const small = file({
  __metadata__: { format: "pt" },
  "a.weight": entry("F32", [2, 2], 0, 16),
  "b.weight": entry("BF16", [3], 16, 22),
  "c.weight": entry("F16", [], 22, 24),
}, new Uint8Array(24));

Deno.test("readSafetensors() refuses a file that is cut anywhere", () => {
  assertEquals(readOrRefused(small), "read");
  for (let length = 0; length < small.length; length++) {
    assertEquals(readOrRefused(small.slice(0, length)), "refused", `cut at ${length}`);
  }
});

Deno.test("readSafetensors() reads or refuses a file with any bytes changed", () => {
  const change = fc.tuple(fc.nat(small.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const bytes = small.slice();
      for (const [at, byte] of changes) bytes[at] = byte;
      readOrRefused(bytes);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("readSafetensors() reads or refuses any header of JSON", () => {
  const size = fc.oneof(
    fc.constantFrom(0, 1, -1, 4, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e308, null, "4"),
    fc.nat(32),
  );
  const tensor = fc.record({
    dtype: fc.constantFrom("F32", "F16", "BF16", "F8", 4),
    shape: fc.array(size, { maxLength: 9 }),
    data_offsets: fc.array(size, { minLength: 1, maxLength: 3 }),
  });
  const header = fc.oneof(
    fc.dictionary(fc.string(), tensor, { noNullPrototype: true }),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(header, (header) => {
      readOrRefused(file(header, new Uint8Array(32)));
    }),
    { numRuns: 1000 },
  );
});
