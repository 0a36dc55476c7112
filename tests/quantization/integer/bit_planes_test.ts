import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  type BitEncoding,
  encodedRange,
  fromBitPlanes,
  toBitPlanes,
} from "@fewer-bytes/quantization";

const encodings = ["unsigned", "twosComplement", "bipolar"] as const;

Deno.test("fromBitPlanes() gives back what toBitPlanes() took, in each encoding and width", () => {
  fc.assert(
    fc.property(
      fc.constantFrom<BitEncoding>(...encodings),
      fc.integer({ min: 1, max: 16 }),
      fc.integer({ min: 1, max: 70 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (encoding, bits, columns, draws) => {
        const [lowest, highest] = encodedRange(bits, encoding);
        const step = encoding === "bipolar" ? 2 : 1;
        const values = Array.from(
          { length: 2 * columns },
          () => lowest + step * Math.floor(draws.next().value! * ((highest - lowest) / step + 1)),
        );
        const planes = toBitPlanes(values, columns, bits, encoding);
        assertEquals([planes.rows, planes.planes.length, planes.words], [
          2,
          bits,
          Math.ceil(columns / 32),
        ]);
        assertEquals([...fromBitPlanes(planes)], values);
      },
    ),
  );
});

Deno.test("each encoding of three bits has its eight numbers, one for each pattern", () => {
  const all = {
    unsigned: [0, 1, 2, 3, 4, 5, 6, 7],
    twosComplement: [0, 1, 2, 3, -4, -3, -2, -1],
    bipolar: [-7, -5, -3, -1, 1, 3, 5, 7],
  };
  for (const encoding of encodings) {
    const { planes } = toBitPlanes(all[encoding], 8, 3, encoding);
    assertEquals(planes.map(([word]) => word!.toString(2).padStart(8, "0")), [
      "10101010",
      "11001100",
      "11110000",
    ]);
    assertEquals([...all[encoding]].sort((a, b) => a - b)[0], encodedRange(3, encoding)[0]);
  }
});

Deno.test("a bipolar number is the sum of ±2^i over its bits", () => {
  for (let value = -31; value <= 31; value += 2) {
    const { planes } = toBitPlanes([value], 1, 5, "bipolar");
    assertEquals(planes.reduce((sum, [bit], i) => sum + (bit === 1 ? 1 : -1) * 2 ** i, 0), value);
  }
});

Deno.test("a signed x becomes bipolar as 2x + 1 by flipping its highest bit: nothing is lost", () => {
  for (let x = -8; x < 8; x++) {
    const signed = toBitPlanes([x], 1, 4, "twosComplement").planes.map(([bit]) => bit!);
    const bipolar = toBitPlanes([2 * x + 1], 1, 4, "bipolar").planes.map(([bit]) => bit!);
    assertEquals(bipolar, signed.with(3, 1 - signed[3]!));
  }
});

Deno.test("toBitPlanes() refuses numbers that the encoding does not have", () => {
  const bad: [number, BitEncoding][] = [
    [8, "unsigned"],
    [-1, "unsigned"],
    [4, "twosComplement"],
    [-5, "twosComplement"],
    [2, "bipolar"],
    [9, "bipolar"],
    [0.5, "unsigned"],
    [NaN, "bipolar"],
  ];
  for (const [value, encoding] of bad) {
    assertThrows(() => toBitPlanes([value], 1, 3, encoding), RangeError, `${encoding} of 3 bits`);
  }
  assertThrows(() => toBitPlanes([1, 2, 3], 2, 3, "unsigned"), RangeError, "number of rows");
  assertThrows(() => toBitPlanes([], 2, 3, "unsigned"), RangeError, "number of rows");
  assertThrows(() => toBitPlanes([1], 1, 17, "unsigned"), RangeError, "at most 16");
});
