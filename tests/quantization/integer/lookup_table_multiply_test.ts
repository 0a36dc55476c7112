import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { lookupTableMultiply, multiplyBitPlanes, toBitPlanes } from "@fewer-bytes/quantization";

const cases = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  bits: fc.integer({ min: 1, max: 8 }),
  group: fc.integer({ min: 1, max: 6 }),
  groups: fc.integer({ min: 1, max: 12 }),
  signed: fc.boolean(),
});

function make(
  { seed, bits, group, groups, signed }: {
    seed: number;
    bits: number;
    group: number;
    groups: number;
    signed: boolean;
  },
) {
  const random = seeded(seed);
  const columns = group * groups;
  const data = Array.from({ length: 2 * columns }, () => random.integer(256) - 128);
  const weights = Array.from(
    { length: 3 * columns },
    () => random.integer(2 ** bits) - (signed ? 2 ** (bits - 1) : 0),
  );
  const indexed = toBitPlanes(weights, columns, bits, signed ? "twosComplement" : "unsigned");
  return { tabled: { rows: 2, columns, data }, weights, indexed, columns };
}

Deno.test("lookupTableMultiply() is the product of whole numbers, exactly, for every width and group", () => {
  fc.assert(fc.property(cases, (drawn) => {
    const { tabled, weights, indexed, columns } = make(drawn);
    const expected = [0, 1].flatMap((row) =>
      [0, 1, 2].map((other) => {
        let sum = 0;
        for (let i = 0; i < columns; i++) {
          sum += tabled.data[row * columns + i]! * weights[other * columns + i]!;
        }
        return sum;
      })
    );
    assertEquals(
      [...lookupTableMultiply(tabled, indexed, drawn.group).product].map((v) => v + 0),
      expected,
    );
  }));
});

Deno.test("lookupTableMultiply() and multiplyBitPlanes() agree, whichever side the tables are made of", () => {
  fc.assert(fc.property(cases, (drawn) => {
    const { tabled, weights, indexed, columns } = make(drawn);
    const planes = toBitPlanes(tabled.data, columns, 8, "twosComplement");
    const ofActivations = lookupTableMultiply(tabled, indexed, drawn.group).product;
    const ofWeights =
      lookupTableMultiply({ rows: 3, columns, data: weights }, planes, drawn.group).product;
    const expected = multiplyBitPlanes(planes, indexed);
    assertEquals([...ofActivations].map((v) => v + 0), [...expected]);
    expected.forEach((value, i) =>
      assertEquals(ofWeights[i % 3 * 2 + Math.floor(i / 3)]! + 0, value)
    );
  }));
});

Deno.test("lookupTableMultiply() counts 2^g − g − 1 additions for a table and a read for each group, bit and row", () => {
  fc.assert(fc.property(cases, (drawn) => {
    const { tabled, indexed } = make(drawn);
    const { tableAdditions, tableReads } = lookupTableMultiply(tabled, indexed, drawn.group);
    const { group, groups, bits } = drawn;
    assertEquals(tableAdditions, 2 * groups * (2 ** group - group - 1));
    assertEquals(tableReads, 2 * groups * bits * 3);
  }));
});

Deno.test("lookupTableMultiply() takes floats as well: weights of few bits, activations as they are", () => {
  const { product } = lookupTableMultiply(
    { rows: 1, columns: 4, data: [0.5, -1.25, 3, 0.1] },
    toBitPlanes([1, -2, 0, 1], 4, 2, "twosComplement"),
    4,
  );
  assertAlmostEquals(product[0]!, 0.5 + 2.5 + 0.1, 1e-12);
});

Deno.test("lookupTableMultiply() refuses groups that do not fit, other columns, and bipolar bits", () => {
  const tabled = { rows: 1, columns: 4, data: [1, 2, 3, 4] };
  const indexed = toBitPlanes([1, 1, 1, 1], 4, 1, "unsigned");
  for (const group of [0, 3, 17, 1.5]) {
    assertThrows(() => lookupTableMultiply(tabled, indexed, group), RangeError, "the group must");
  }
  assertThrows(
    () => lookupTableMultiply(tabled, toBitPlanes([1, 1], 2, 1, "unsigned"), 2),
    TypeError,
    "4 and 2",
  );
  assertThrows(
    () => lookupTableMultiply(tabled, toBitPlanes([1, 1, 1, 1], 4, 1, "bipolar"), 2),
    TypeError,
    "bipolar",
  );
});
