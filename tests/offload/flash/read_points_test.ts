import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { fitReads, planReads, readPoints } from "@fewer-bytes/offload";

Deno.test("readPoints() gives back a disk that was made up, through plan, timings and fit", () => {
  const random = seeded(11);
  const plan = planReads({
    fileBytes: 2 ** 28,
    sizes: [4096, 32_768, 262_144, 2 ** 21],
    bytesPerSize: 2 ** 24,
    mostReads: 101,
  }, random);
  const disk = { sequential: [5e-6, 3e9], random: [90e-6, 3e9] } as const;
  const seconds = plan.map(({ pattern, bytes }) => {
    const [latency, bandwidth] = disk[pattern];
    const interrupted = random.uniform() < 0.05 ? 20 : 1; // the median does not mind
    return interrupted * (latency + bytes / bandwidth) * random.logNormal(0, 0.05);
  });
  const points = readPoints(plan, seconds);
  assertEquals(points.length, 8);
  for (const pattern of ["sequential", "random"] as const) {
    const fit = fitReads(points.filter((point) => point.pattern === pattern));
    assertAlmostEquals(fit.latency / disk[pattern][0], 1, 0.15);
    assertAlmostEquals(fit.bandwidth / disk[pattern][1], 1, 0.1);
  }
});

Deno.test("readPoints() takes the median, with the quartiles about it", () => {
  const plan = [0, 1, 2, 3, 4].map((offset) => ({ pattern: "random", bytes: 10, offset }) as const);
  const [point] = readPoints(plan, [5, 1, 4, 2, 3]);
  assertEquals([point!.seconds, point!.quartiles, point!.throughput], [3, [2, 4], 10 / 3]);
});

Deno.test("readPoints() refuses timings that do not belong to the plan, or are too short to be timed", () => {
  const plan = [{ pattern: "random", bytes: 10, offset: 0 }] as const;
  assertThrows(() => readPoints(plan, []), RangeError, "one for each of 1 reads");
  assertThrows(() => readPoints(plan, [0]), RangeError, "a timing must be > 0");
  assertThrows(() => readPoints(plan, [NaN]), RangeError, "a timing");
});
