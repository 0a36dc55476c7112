import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findMemory } from "@fewer-bytes/catalog";
import { fetchedBytes, fetchedBytesFormula, scatteredBandwidth } from "@fewer-bytes/memory";

Deno.test("fetchedBytes() is the printed formula where the step divides both", () => {
  fc.assert(fc.property(
    fc.constantFrom(1, 4, 32, 64),
    fc.integer({ min: 1, max: 200 }),
    fc.constantFrom(1, 2, 8),
    (step, records, granules) => {
      const [record, granule] = [records * step, granules * step];
      assertEquals(
        fetchedBytes(record, granule, step),
        fetchedBytesFormula.evaluate({ record, granule, step }),
      );
    },
  ));
});

Deno.test("fetchedBytes() counts granules that a record touches, byte by byte", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(1, 3, 8, 12),
      (record, granule) => {
        let touched = 0;
        for (let begin = 0; begin < granule; begin++) {
          const granules = new Set<number>();
          for (let byte = begin; byte < begin + record; byte++) {
            granules.add(
              Math.floor(byte / granule),
            );
          }
          touched += granules.size * granule;
        }
        // Records may begin anywhere, but what lies before the first byte in its granule is moved too.
        assertAlmostEquals(fetchedBytes(record, granule, 1), touched / granule, 1e-9);
      },
    ),
  );
});

Deno.test("scatteredBandwidth() rises with the record to the bandwidth of the tier", () => {
  const drive = findMemory("samsung-pm1743");
  const rates = [16, 256, 4096, 2 ** 20].map((record) => scatteredBandwidth(drive, record));
  assertEquals(rates, rates.toSorted((a, b) => a - b));
  assert(rates.at(-1)! <= drive.bandwidth);
  const memory = { name: "DRAM", capacity: 1e9, bandwidth: 100e9, granularity: 64 };
  assertEquals(scatteredBandwidth(memory, 4), 100e9 / 16);
  assertEquals(scatteredBandwidth(memory, 6400), 100e9);
});

Deno.test("records refuse what is no size", () => {
  assertThrows(() => fetchedBytes(0, 64), RangeError, "the record");
  assertThrows(() => fetchedBytes(64, 64, 48), RangeError, "must divide the granule, 64");
  const tier = { name: "x", capacity: 1, bandwidth: 1 };
  assertThrows(() => scatteredBandwidth({ ...tier, operations: 0 }, 1), RangeError, "operations");
  assertThrows(() => scatteredBandwidth({ ...tier, granularity: 0 }, 1), RangeError, "granularity");
});
