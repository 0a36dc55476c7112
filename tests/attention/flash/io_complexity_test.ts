import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import {
  crossoverFormula,
  crossoverMemory,
  fitTile,
  flashAttention,
  flashFormula,
  flashKeysOuterFormula,
  flashTraffic,
  type LoopOrder,
  lowerBoundFormula,
  smallCacheAttention,
  smallCacheFormula,
  standardAttention,
  standardExtraFormula,
  TwoLevelMemory,
} from "@fewer-bytes/attention";
import { randomInputs } from "./random_inputs.ts";

const width = 16; // so d² = 256
const inputs = (n: number, d = width) =>
  randomInputs({ queries: n, keys: n, width: d, valueWidth: d });

/** Values moved, with the short side of the tile as short as can be. */
function flash(n: number, memory: number, order: LoopOrder = "queries outer", d = width): number {
  const tile = fitTile(4 * memory, { queries: n, keys: n, width: d, valueWidth: d }, order, 1);
  return flashAttention(inputs(n, d), { memory: new TwoLevelMemory(4 * memory), tile, order })
    .memory.traffic / 4;
}
const small = (n: number, memory: number, d = width) =>
  smallCacheAttention(inputs(n, d), { memory: new TwoLevelMemory(4 * memory) }).memory.traffic / 4;

/** The closed form, which flash_traffic_test.ts holds against the simulation to the byte, reaches realistic sizes. */
function closedForm(n: number, d: number, memory: number, order: LoopOrder): number {
  const shape = { queries: n, keys: n, width: d, valueWidth: d };
  return flashTraffic(shape, fitTile(4 * memory, shape, order, 1), order) / 4;
}

for (const order of ["queries outer", "keys outer"] as const) {
  Deno.test(`traffic with ${order} grows as N², as d², and falls as 1/M`, () => {
    const [n, d, memory] = [2 ** 18, 128, 2 ** 16];
    const base = closedForm(n, d, memory, order);
    const slope = (other: number) => Math.log2(other / base) / 2;
    assertAlmostEquals(slope(closedForm(4 * n, d, memory, order)), 2, 0.02);
    assertAlmostEquals(slope(closedForm(n, 4 * d, memory, order)), 2, 0.03);
    assertAlmostEquals(slope(closedForm(n, d, 4 * memory, order)), -1, 0.02);
  });
}

Deno.test("the printed formulas are within 5 % of the closed forms where N is far above M / d", () => {
  const values = { length: 2 ** 18, width: 128, memory: 2 ** 16 };
  const { length, width: d, memory } = values;
  const second = closedForm(length, d, memory, "queries outer");
  assertAlmostEquals(second / flashFormula.evaluate(values), 1, 0.05);
  const first = closedForm(length, d, memory, "keys outer");
  assertAlmostEquals(first / flashKeysOuterFormula.evaluate(values), 1, 0.05);
});

Deno.test("the printed formulas are what is counted but for half, even at 256 tokens of width 16", () => {
  for (const memory of [256, 512, 1024]) {
    const values = { length: 256, width, memory };
    const ratios = [
      flash(256, memory) / flashFormula.evaluate(values),
      flash(256, memory, "keys outer") / flashKeysOuterFormula.evaluate(values),
      small(256, memory) / smallCacheFormula.evaluate(values),
    ];
    assert(ratios.every((ratio) => ratio > 1 && ratio < 1.6), `${memory}: ${ratios}`);
  }
});

Deno.test("storing the scores pays below crossoverMemory() and not above: measured at widths 16 and 32", () => {
  for (const d of [16, 32]) {
    const memory = crossoverMemory(d);
    const ratio = (share: number) => {
      const room = Math.round(memory * share);
      return flash(192, room, "queries outer", d) / small(192, room, d);
    };
    assert(ratio(0.5) > 1.1, `${d}: ${ratio(0.5)}`);
    assert(ratio(2) < 0.9, `${d}: ${ratio(2)}`);
  }
});

Deno.test("crossoverMemory() is where both printed formulas are equal", () => {
  for (const d of [16, 64, 128]) {
    const values = { length: 1000, width: d, memory: crossoverMemory(d) };
    assertAlmostEquals(
      flashFormula.evaluate(values) / smallCacheFormula.evaluate(values),
      1,
      1e-12,
    );
  }
  assertAlmostEquals(crossoverFormula.evaluate({}), 0.686, 0.001);
  assertThrows(() => crossoverMemory(0), RangeError, "width");
});

Deno.test("no schedule of ours beats the shape of the lower bound, and the better one stays within a constant of it", () => {
  for (const memory of [80, 128, 256, 512, 1024]) {
    const bound = lowerBoundFormula.evaluate({ length: 256, width, memory });
    const best = Math.min(flash(256, memory), small(256, memory));
    assert(best > 2 * bound && best < 8 * bound, `${memory}: ${best / bound}`);
  }
});

Deno.test("standardExtraFormula is what standard attention moves for its N × N matrices", () => {
  const n = 64;
  const { memory } = standardAttention(inputs(n), { memory: new TwoLevelMemory(4 * 8000) });
  const extra = memory.arrays.filter(({ name }) => ["scores", "weights"].includes(name))
    .reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0) / 4;
  assertAlmostEquals(extra, standardExtraFormula.evaluate({ length: n }), 1e-9);
});
