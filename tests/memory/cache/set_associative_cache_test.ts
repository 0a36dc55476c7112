import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { SetAssociativeCache } from "@fewer-bytes/memory";

const run = (addresses: number[], capacity: number, line: number, ways: number) => {
  const cache = new SetAssociativeCache({ capacity, line, ways });
  const hits = addresses.map((address) => cache.access(address));
  return { hits: hits.map((hit) => hit ? "h" : "m").join(""), ...cache.counts };
};

Deno.test("a textbook trace, by hand: four sets of one line, blocks 0 8 0 6 8", () => {
  // Patterson and Hennessy, "Computer Organization and Design", 5.4: five misses direct-mapped, four with two ways,
  // three fully associative.
  const blocks = [0, 8, 0, 6, 8];
  assertEquals(run(blocks, 4, 1, 1).hits, "mmmmm");
  assertEquals(run(blocks, 4, 1, 2).hits, "mmhmm");
  assertEquals(run(blocks, 4, 1, 4).hits, "mmhmh");
});

Deno.test("a stream misses once for each line, whatever the cache", () => {
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 4, 8), fc.integer({ min: 1, max: 500 }), (ways, n) => {
      const { misses, traffic } = run([...Array(n).keys()], 512, 16, ways);
      assertEquals([misses, traffic], [Math.ceil(n / 16), 16 * Math.ceil(n / 16)]);
    }),
  );
});

/** The definition, written otherwise: a line is there if fewer than `ways` others of its set came since its last use. */
function missesByDistance(addresses: number[], sets: number, line: number, ways: number): number {
  const lines = addresses.map((address) => Math.floor(address / line));
  return lines.filter((own, now) => {
    const before = lines.lastIndexOf(own, now - 1);
    if (now === 0 || before < 0) return true;
    const between = new Set(
      lines.slice(before + 1, now).filter((other) => other % sets === own % sets),
    );
    return between.size >= ways;
  }).length;
}

Deno.test("misses are those of reuse distances in each set", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 120 }),
    fc.constantFrom(1, 2, 4),
    fc.constantFrom(1, 2, 8),
    (addresses, sets, ways) => {
      assertEquals(
        run(addresses, sets * ways * 16, 16, ways).misses,
        missesByDistance(addresses, sets, 16, ways),
      );
    },
  ));
});

Deno.test("a fully associative cache never misses more when it is larger", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (addresses) => {
      const misses = [1, 2, 4, 8, 16].map((lines) => run(addresses, lines * 8, 8, lines).misses);
      assertEquals(misses, misses.toSorted((a, b) => b - a));
    }),
  );
});

Deno.test("a cache refuses sets that do not come out even, and addresses that are none", () => {
  const build = (capacity: number, line: number, ways: number) => () =>
    new SetAssociativeCache({ capacity, line, ways });
  assertThrows(build(100, 64, 1), RangeError, "the number of sets");
  assertThrows(build(0, 64, 1), RangeError, "the capacity");
  assertThrows(build(64, 64, 0), RangeError, "ways");
  assertThrows(() => run([-1], 64, 64, 1), RangeError, "the address");
  assertThrows(() => run([NaN], 64, 64, 1), RangeError, "current value is NaN");
});
