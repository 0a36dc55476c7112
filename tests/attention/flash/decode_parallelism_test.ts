import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { bestSplits, decodeParallelism, splitTraffic } from "@fewer-bytes/attention";

const works = fc.record({
  batch: fc.integer({ min: 1, max: 70 }),
  keyValueHeads: fc.integer({ min: 1, max: 16 }),
  context: fc.integer({ min: 1, max: 20_000 }),
  units: fc.integer({ min: 1, max: 150 }),
});

Deno.test("decodeParallelism() agrees with the example in FlashAttention's source: 48 heads on 108 units", () => {
  // "2 splits (efficiency = 0.89) is better than having 3 splits (efficiency = 0.67)"
  const work = { batch: 48, keyValueHeads: 1, context: 128 * 6, units: 108 };
  assertAlmostEquals(decodeParallelism(work, 2).efficiency, 0.89, 0.005);
  assertAlmostEquals(decodeParallelism(work, 3).efficiency, 0.67, 0.005);
  assertEquals(bestSplits({ ...work, context: 128 * 2 }), 2);
});

Deno.test("decodeParallelism() agrees with dealing the pieces out by hand", () => {
  fc.assert(fc.property(works, fc.integer({ min: 1, max: 60 }), (work, splits) => {
    const { pieces, waves, tilesInSequence, efficiency } = decodeParallelism(work, splits);
    const tiles = Math.ceil(work.context / 128);
    const each = Math.ceil(tiles / splits);
    const unitTiles = new Array<number>(work.units).fill(0);
    let unit = 0, dealt = 0;
    for (let head = 0; head < work.batch * work.keyValueHeads; head++) {
      for (let tile = 0; tile < tiles; tile += each, unit = (unit + 1) % work.units, dealt++) {
        unitTiles[unit]! += each;
      }
    }
    assertEquals([pieces, Math.max(...unitTiles)], [dealt, tilesInSequence]);
    assertAlmostEquals(efficiency, dealt / (waves * work.units), 1e-12);
  }));
});

Deno.test("bestSplits() comes within a twentieth of the least time, with no fewer splits that do", () => {
  fc.assert(fc.property(works, (work) => {
    const best = bestSplits(work);
    const tiles = Math.ceil(work.context / 128);
    const time = (splits: number) => decodeParallelism(work, splits).tilesInSequence;
    const all = Array.from({ length: Math.min(tiles, work.units) }, (_, i) => time(i + 1));
    assert(time(best) <= 1.05 * Math.min(...all));
    assert(all.slice(0, best - 1).every((other) => other > 1.05 * Math.min(...all)));
  }));
});

Deno.test("splits pay for few sequences of long context, and not where heads fill the units", () => {
  const work = (batch: number) => ({ batch, keyValueHeads: 8, context: 65536, units: 132 });
  assert(bestSplits(work(1)) > 8);
  assertEquals(bestSplits(work(33)), 1);
});

Deno.test("splitTraffic() is small against the cache that is read anyway", () => {
  // Llama 3.1 8B, one layer: 32 query heads, 8 key-value heads of 128 in 16 bits, 64 Ki tokens, 16 splits.
  const cache = 65536 * 8 * 2 * 128 * 2;
  assert(splitTraffic(32, 128, 16) < 0.005 * cache);
  assertThrows(
    () => decodeParallelism({ batch: 0, keyValueHeads: 1, context: 1, units: 1 }, 1),
    RangeError,
    "batch",
  );
});
