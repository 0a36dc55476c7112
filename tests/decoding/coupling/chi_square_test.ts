import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { chiSquare, draw } from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";

/** Counts whose statistic is the one that is asked for: one cell has too many, the next too few. */
function countsWith(statistic: number, cells: number): { counts: number[]; law: number[] } {
  const each = 1e6;
  const off = Math.sqrt(statistic * each / 2);
  const counts = new Array(cells).fill(each);
  counts[0] += off;
  counts[1] -= off;
  return { counts, law: new Array(cells).fill(1 / cells) };
}

Deno.test("chiSquare() agrees with the printed tables", () => {
  // Upper critical values: NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.4.
  for (
    const [degrees, chance, statistic] of [
      [1, 0.05, 3.841],
      [1, 0.001, 10.828],
      [2, 0.1, 4.605],
      [10, 0.05, 18.307],
      [10, 0.001, 29.588],
      [50, 0.1, 63.167],
      [100, 0.01, 135.807],
    ] as const
  ) {
    const { counts, law } = countsWith(statistic, degrees + 1);
    const test = chiSquare(counts, law);
    assertEquals(test.degrees, degrees);
    assertAlmostEquals(test.statistic, statistic, 1e-6);
    assertAlmostEquals(test.chance / chance, 1, 2e-3);
  }
});

Deno.test("chiSquare() gives chances that are spread evenly when the counts follow the law", () => {
  const law = [0.4, 0.3, 0.2, 0.1];
  const random = seeded(3);
  const low = Array.from({ length: 400 }, () => {
    const counts = new Float64Array(4);
    for (let n = 0; n < 200; n++) counts[draw(law, random)]!++;
    return chiSquare(counts, law).chance;
  }).filter((chance) => chance < 0.25).length;
  assert(low > 65 && low < 135, `${low} of 400 in the lowest quarter`);
});

Deno.test("chiSquare() puts rare tokens together, and refutes what cannot happen", () => {
  assertEquals(chiSquare([50, 45, 3, 2], [0.5, 0.45, 0.025, 0.025]).degrees, 2);
  assertEquals(chiSquare([50, 49, 1], [0.5, 0.5, 0]).chance, 0);
  assertEquals(chiSquare([50, 50], [0.5, 0.5]).chance, 1);
});

Deno.test("chiSquare() refuses what it cannot compare", () => {
  assertThrows(() => chiSquare([1, 2], [1]), TypeError, "one for each of 1 tokens");
  assertThrows(() => chiSquare([9], [1]), RangeError, "at least two cells");
});
