import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  quantize,
  sherryBlock,
  sherryCode as librarySherryCode,
  smallFloats,
  storedBits,
} from "@fewer-bytes/quantization";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

/** What a symmetric quantizer returns. */
interface Quantized {
  scale: number;
  codes: number[];
}

/** The library's answer for one row with one scale. */
function byLibrary(values: number[], bits: number): Quantized {
  const { scales, codes } = quantize(new Matrix(1, values.length, Float32Array.from(values)), {
    bits,
  });
  return { scale: scales[0]!, codes: [...codes] };
}

/** A quantizer that differs from the right one in its scale, or in how it rounds. */
const withScale =
  (scaleOf: (values: number[], bits: number) => number, round = Math.round) =>
  (values: number[], bits: number): Quantized => {
    const scale = scaleOf(values, bits);
    return { scale, codes: values.map((value) => round(value / scale)) };
  };
const peak = (values: number[]) => Math.max(...values.map(Math.abs));

export const quantizeSymmetric = defineExercise({
  id: "03.1",
  title: "Round to an even grid",
  points: 15,
  name: "quantizeSymmetric",
  stub: `/** One scale for all values, and a whole number for each: value ≈ scale × code. */
function quantizeSymmetric(values: number[], bits: number): { scale: number; codes: number[] } {
  // The codes run from -(2 ** (bits - 1) - 1) to 2 ** (bits - 1) - 1.
  return { scale: NaN, codes: [] }; // your turn
}`,
  hints: [
    "The value of largest magnitude gets the largest code, whatever its sign. How far apart are the marks then?",
    "scale = max|value| / (2^(bits − 1) − 1), code = round(value / scale). What if all values are 0?",
    "```ts\nfunction quantizeSymmetric(values: number[], bits: number): { scale: number; codes: number[] } {\n  const peak = Math.max(...values.map(Math.abs));\n  const scale = peak / (2 ** (bits - 1) - 1) || 1;\n  return { scale, codes: values.map((value) => Math.round(value / scale)) };\n}\n```",
  ],
  reference: byLibrary,
  checks: [
    {
      name: "gives the largest of four values the code 7 at four bits",
      run: async (round) => {
        const values = [14, -6.5, 1.2, 0];
        expectEqual(await round(values, 4), byLibrary(values, 4), { tolerance: 1e-6 });
      },
    },
    {
      name: "finds the largest magnitude also where it is negative",
      run: async (round) => {
        const values = [1.5, -6, 2.2, 0.4];
        expectEqual(await round(values, 3), byLibrary(values, 3), { tolerance: 1e-6 });
      },
    },
    {
      name: "agrees with the library on 64 Gaussian values at eight bits",
      run: async (round) => {
        const source = seeded(31);
        const values = Array.from({ length: 64 }, () => Math.fround(source.normal()));
        expectEqual(await round(values, 8), byLibrary(values, 8), { tolerance: 1e-6 });
      },
    },
    {
      name: "leaves a group of zeros at zero",
      run: async (round) => {
        const { scale, codes } = await round([0, 0, 0], 4);
        expectThat(
          Number.isFinite(scale) && codes?.length === 3 && codes.every((code) => code === 0),
          "a group of zeros has no largest magnitude to divide by: give it any scale but 0, such as 1, and codes of 0",
        );
      },
    },
  ],
  mistakes: [
    {
      title: "divides by 2^(N − 1), which gives the largest value a code that is not there",
      answer: withScale((values, bits) => peak(values) / 2 ** (bits - 1) || 1),
      caught: /codes\[0\]|scale/,
    },
    {
      title: "spreads the marks over one side only",
      answer: withScale((values, bits) => peak(values) / (2 ** bits - 1) || 1),
      caught: /scale/,
    },
    {
      title: "takes the largest value and not the largest magnitude",
      answer: withScale((values, bits) => Math.max(...values) / (2 ** (bits - 1) - 1) || 1),
      caught: /too small/,
    },
    {
      title: "cuts off instead of rounding",
      answer: withScale((values, bits) => peak(values) / (2 ** (bits - 1) - 1) || 1, Math.trunc),
      caught: "codes[2]",
    },
    {
      title: "divides by a scale of 0",
      answer: withScale((values, bits) => peak(values) / (2 ** (bits - 1) - 1)),
      caught: "a group of zeros",
    },
  ],
});

export const bitsPerWeight = defineExercise({
  id: "03.2",
  title: "What does a weight really take?",
  points: 10,
  name: "bitsPerWeight",
  stub: `/** Bits that a weight takes, its share of the scale and the zero point included. */
function bitsPerWeight(codeBits: number, groupSize: number, scaleBits: number, zeroPointBits: number): number {
  return NaN; // your turn: a group shares one scale and one zero point
}`,
  hints: [
    "Count the bits of one whole group. How many weights share them?",
    "codeBits + (scaleBits + zeroPointBits) / groupSize.",
    "```ts\nfunction bitsPerWeight(codeBits: number, groupSize: number, scaleBits: number, zeroPointBits: number): number {\n  return codeBits + (scaleBits + zeroPointBits) / groupSize;\n}\n```",
  ],
  reference: (
    codeBits: number,
    groupSize: number,
    scaleBits: number,
    zeroPointBits: number,
  ): number => {
    const zeroPoints = zeroPointBits > 0 ? { zeroPoints: new Uint16Array(1) } : {};
    return storedBits({ bits: codeBits, groupSize, ...zeroPoints }, { scaleBits, zeroPointBits });
  },
  checks: [
    {
      name: "is 4.125 bits for 4-bit codes, of which 128 share a 16-bit scale",
      run: async (bits) => expectNumber(await bits(4, 128, 16, 0), 4.125, { unit: "bits" }),
    },
    {
      name: "counts the zero points of an asymmetric grid",
      run: async (bits) => expectNumber(await bits(4, 32, 16, 4), 4.625, { unit: "bits" }),
    },
    {
      name: "makes two bits three, where 16 weights share a 16-bit scale",
      run: async (bits) => expectNumber(await bits(2, 16, 16, 0), 3, { unit: "bits" }),
    },
  ],
  mistakes: [
    {
      title: "forgets scales and zero points",
      answer: (codeBits) => codeBits,
      caught: "4.125",
    },
    {
      title: "gives every weight a scale of its own",
      answer: (codeBits, _groupSize, scaleBits, zeroPointBits) =>
        codeBits + scaleBits + zeroPointBits,
      caught: /too large/,
    },
    {
      title: "forgets the zero points",
      answer: (codeBits, groupSize, scaleBits) => codeBits + scaleBits / groupSize,
      caught: "4.625",
    },
    {
      title: "counts the bits of the whole group",
      answer: (codeBits, groupSize, scaleBits, zeroPointBits) =>
        codeBits * groupSize + scaleBits + zeroPointBits,
      caught: /too large/,
    },
    {
      title: "counts bytes",
      answer: (codeBits, groupSize, scaleBits, zeroPointBits) =>
        (codeBits + (scaleBits + zeroPointBits) / groupSize) / 8,
      caught: "bits and bytes",
    },
  ],
});

/** Sign, exponent and fraction of an E4M3 code. */
const fieldsOf = (code: number) => ({
  sign: code < 128 ? 1 : -1,
  exponent: code >> 3 & 15,
  fraction: (code & 7) / 8,
});

export const decodeE4M3 = defineExercise({
  id: "03.3",
  title: "Read eight bits as a number",
  points: 15,
  name: "decodeE4M3",
  stub: `/** The number of a code: a sign bit, four bits of exponent, three of fraction. */
function decodeE4M3(code: number): number {
  // The bias is 7. There is no infinity, and only the codes 127 and 255 are NaN.
  return 0; // your turn
}`,
  hints: [
    "Take the three fields apart with shifts. What does the hidden one mean, and which exponent has none?",
    "(1 + fraction/8) · 2^(exponent − 7), but fraction/8 · 2^(−6) when the exponent is 0. The sign comes last.",
    "```ts\nfunction decodeE4M3(code: number): number {\n  const sign = code < 128 ? 1 : -1;\n  const exponent = code >> 3 & 15;\n  const fraction = (code & 7) / 8;\n  if (exponent === 15 && fraction === 7 / 8) return NaN;\n  return sign * (exponent === 0 ? fraction * 2 ** -6 : (1 + fraction) * 2 ** (exponent - 7));\n}\n```",
  ],
  reference: (code: number): number => smallFloats.fp8E4M3.decode(code),
  checks: [
    {
      name: "reads 0 0111 100 as one and a half",
      run: async (decode) => expectNumber(await decode(0b0_0111_100), 1.5),
    },
    {
      name: "reads the sign",
      run: async (decode) => expectNumber(await decode(0b1_1000_010), -2.5),
    },
    {
      name: "reads 0 0000 001 as the smallest number above zero, which has no hidden one",
      run: async (decode) => expectNumber(await decode(1), 2 ** -9),
    },
    {
      name: "reads 0 1111 110 as the largest number, and the code after it as NaN",
      run: async (decode) =>
        expectEqual([await decode(0x7e), await decode(0x7f)], [448, NaN], {
          hint: "the highest exponent holds numbers too, all but the very last code",
        }),
    },
    {
      name: "reads all 256 codes as the library does",
      run: async (decode) => {
        const numbers: number[] = [];
        for (let code = 0; code < 256; code++) numbers.push(await decode(code));
        expectEqual(
          numbers,
          Array.from({ length: 256 }, (_, code) => smallFloats.fp8E4M3.decode(code)),
        );
      },
    },
  ],
  mistakes: [
    {
      title: "forgets the hidden one",
      answer: (code) => {
        const { sign, exponent, fraction } = fieldsOf(code);
        return sign * fraction * 2 ** (exponent - 7);
      },
      caught: /1\.5/,
    },
    {
      title: "takes the bias for 8",
      answer: (code) => {
        const { sign, exponent, fraction } = fieldsOf(code);
        return sign * (exponent ? 1 + fraction : fraction) * 2 ** ((exponent || 1) - 8);
      },
      caught: /2 times too small/,
    },
    {
      title: "gives the smallest numbers a hidden one",
      answer: (code) => {
        const { sign, exponent, fraction } = fieldsOf(code);
        return sign * (1 + fraction) * 2 ** (exponent - 7);
      },
      caught: /too large/,
    },
    {
      title: "keeps the highest exponent for infinity, as IEEE 754 does",
      answer: (code) => {
        const { sign, exponent, fraction } = fieldsOf(code);
        if (exponent === 15) return fraction === 0 ? sign * Infinity : NaN;
        return sign * (exponent ? (1 + fraction) * 2 ** (exponent - 7) : fraction * 2 ** -6);
      },
      caught: "the highest exponent holds numbers too",
    },
    {
      title: "loses the sign",
      answer: (code) => Math.abs(smallFloats.fp8E4M3.decode(code)),
      caught: "wrong sign",
    },
  ],
});

/** The three signs of a block, 1 for minus, and the place of its zero. */
function partsOf(block: number[]) {
  const signs = block.filter((weight) => weight !== 0).map((weight) => Number(weight < 0));
  return { place: block.indexOf(0), signs: signs as [number, number, number] };
}

export const sherryCode = defineExercise({
  id: "03.4",
  title: "Four weights in five bits",
  points: 15,
  name: "sherryCode",
  stub: `/** The code, from 0 to 31, of four weights: one is 0, three are -1 or 1. */
function sherryCode(block: number[]): number {
  // From the highest bit down: is the first weight that is not 0 negative?
  // Two bits: the place of the 0, from 0 to 3.
  // Has the second weight that is not 0 another sign than the first? Has the third?
  return NaN; // your turn
}`,
  hints: [
    "Where is the zero? Take the other three in order, and compare two of them with the first.",
    "16 · (first is −1) + 4 · place + 2 · (second ≠ first) + (third ≠ first).",
    "```ts\nfunction sherryCode(block: number[]): number {\n  const [first, second, third] = block.filter((weight) => weight !== 0);\n  return 16 * Number(first === -1) + 4 * block.indexOf(0) +\n    2 * Number(second !== first) + Number(third !== first);\n}\n```",
  ],
  reference: (block: number[]): number => librarySherryCode(block),
  checks: [
    {
      name: "packs 1, 1, −1, 0 as 0 11 01",
      run: async (pack) =>
        expectNumber(await pack([1, 1, -1, 0]), 0b0_11_01, {
          hint: "in bits it is 0 11 01: plus, the zero at place 3, and only the third sign differs",
        }),
    },
    {
      name: "changes only the highest bit when all signs are turned around",
      run: async (pack) =>
        expectNumber(await pack([-1, -1, 1, 0]), 0b1_11_01, {
          hint: "the two lowest bits say whether signs differ from the first, not which they are",
        }),
    },
    {
      name: "has a code of its own for each of the 32 blocks, and wastes none",
      run: async (pack) => {
        const codes: number[] = [];
        for (let code = 0; code < 32; code++) codes.push(await pack(sherryBlock(code)));
        expectEqual(codes, Array.from({ length: 32 }, (_, code) => code));
      },
    },
  ],
  mistakes: [
    {
      title: "stores the signs as they are",
      answer: (block) => {
        const { place, signs } = partsOf(block);
        return 16 * signs[0] + 4 * place + 2 * signs[1] + signs[2];
      },
      caught: "differ from the first",
    },
    {
      title: "forgets where the zero is",
      answer: (block) => {
        const [first, second, third] = partsOf(block).signs;
        return 16 * first + 2 * Number(second !== first) + Number(third !== first);
      },
      caught: "0 11 01",
    },
    {
      title: "marks a positive first weight instead of a negative one",
      answer: (block) => librarySherryCode(block.map((weight) => -weight + 0)),
      caught: "0 11 01",
    },
    {
      title: "puts the place of the zero into the lowest bits",
      answer: (block) => {
        const { place, signs: [first, second, third] } = partsOf(block);
        return 16 * first + 8 * Number(second !== first) + 4 * Number(third !== first) + place;
      },
      caught: "0 11 01",
    },
  ],
});
