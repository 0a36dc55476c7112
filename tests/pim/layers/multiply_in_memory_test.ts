import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { multiplyRows, type Weight } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  converterBits,
  lookupProducts,
  multiplyInMemory,
  type PrepareProducts,
  programCrossbar,
} from "@fewer-bytes/pim";
import { integerMultiply, quantize } from "@fewer-bytes/quantization";

const random = seeded(15);
const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
const weight: Weight = { name: "w", outputs: 10, inputs: 70, data: normals(700) };
const x = normals(3 * 70);
const operands = { weightBits: 8, inputBits: 8 };

function multiplied(prepare: PrepareProducts, bits = operands): Float32Array {
  const y = new Float32Array(30);
  multiplyInMemory(bits, prepare)(x, 3, weight, y);
  return y;
}

const tables: PrepareProducts = (matrix) => (vector) => lookupProducts(matrix, vector, 4).products;
const cells = (rows: number, bits: number): PrepareProducts => (matrix) =>
  programCrossbar(matrix, 8, { rows, converterBits: bits });

Deno.test("multiplyInMemory() gives what integer arithmetic gives, with tables as with cells", () => {
  const expected = integerMultiply(
    quantize(new Matrix(3, 70, x), { bits: 8 }),
    quantize(new Matrix(10, 70, weight.data), { bits: 8 }),
  ).data;
  const found = multiplied(tables);
  found.forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1e-5));
  assertEquals(multiplied(cells(32, converterBits({ rows: 32 }))), found);
});

Deno.test("multiplyInMemory() is near the plain product, nearer with more bits, and off with poor converters", () => {
  const plain = new Float32Array(30);
  multiplyRows(x, 3, weight, plain);
  const error = (y: Float32Array) =>
    Math.hypot(...y.map((value, i) => value - plain[i]!)) / Math.hypot(...plain);
  const [eight, four] = [8, 4].map((weightBits) =>
    error(multiplied(tables, { weightBits, inputBits: 8 }))
  );
  assert(eight! < 0.02 && four! > 3 * eight!, `${eight} ${four}`);
  assert(error(multiplied(cells(64, 3))) > 10 * eight!);
});

Deno.test("multiplyInMemory() prepares a matrix once, however often it is used", () => {
  let prepared = 0;
  const multiply = multiplyInMemory(operands, (matrix) => {
    prepared++;
    return tables(matrix);
  });
  const y = new Float32Array(30);
  for (let turn = 0; turn < 3; turn++) multiply(x, 3, weight, y);
  assertEquals(prepared, 1);
});

Deno.test("multiplyInMemory() refuses bits that no grid has", () => {
  assertThrows(() => multiplied(tables, { weightBits: 1, inputBits: 8 }), RangeError, "bits");
});
