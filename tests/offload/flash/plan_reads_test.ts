import { assert, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { planReads } from "@fewer-bytes/offload";
import fc from "fast-check";

const request = fc.record({
  fileBytes: fc.integer({ min: 2 ** 22, max: 2 ** 26 }),
  sizes: fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 17 }), { minLength: 1, maxLength: 5 }),
  bytesPerSize: fc.integer({ min: 1, max: 2 ** 18 }),
  mostReads: fc.integer({ min: 1, max: 50 }),
});

Deno.test("planReads() reads no byte twice, stays in the file and begins at whole pages", () => {
  fc.assert(
    fc.property(request, fc.integer({ min: 0, max: 100 }), (wanted, seed) => {
      const plan = planReads(wanted, seeded(seed));
      const sorted = plan.toSorted((a, b) => a.offset - b.offset);
      sorted.forEach((read, index) => {
        assertEquals(read.offset % 4096, 0);
        assert(read.offset >= 0 && read.offset + read.bytes <= wanted.fileBytes);
        const next = sorted[index + 1];
        if (next) assert(read.offset + read.bytes <= next.offset);
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("planReads() gives each size and pattern its reads: neighbors in sequence, others anywhere", () => {
  const wanted = {
    fileBytes: 2 ** 28,
    sizes: [4096, 65_536, 2 ** 20],
    bytesPerSize: 2 ** 22,
    mostReads: 256,
  };
  const plan = planReads(wanted, seeded(7));
  for (const bytes of wanted.sizes) {
    const of = (pattern: string) =>
      plan.filter((read) => read.bytes === bytes && read.pattern === pattern);
    const [sequential, random] = [of("sequential"), of("random")];
    const count = Math.min(256, 2 ** 22 / bytes);
    assertEquals([sequential.length, random.length], [count, count]);
    assert(
      sequential.every((read, index) => read.offset === sequential[0]!.offset + index * bytes),
    );
    const steps = random.slice(1).map((read, index) => read.offset - random[index]!.offset);
    assert(steps.some((step) => step < 0) && steps.some((step) => step > 2 * bytes));
  }
  assertEquals(plan, planReads(wanted, seeded(7)));
});

Deno.test("planReads() says how large the file must be, and refuses what is no size", () => {
  const wanted = { fileBytes: 8191, sizes: [100], bytesPerSize: 100, mostReads: 1 };
  assertThrows(() => planReads(wanted, seeded(1)), RangeError, "must hold 8192 bytes");
  assertThrows(() => planReads({ ...wanted, sizes: [] }, seeded(1)), RangeError, "sizes");
  assertThrows(() => planReads({ ...wanted, sizes: [0] }, seeded(1)), RangeError, "a size");
  assertThrows(() => planReads({ ...wanted, mostReads: 0.5 }, seeded(1)), RangeError, "mostReads");
});
