import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import {
  drawLengths,
  pagedWaste,
  shareGpt,
  simulatePaging,
  simulateReservation,
} from "@fewer-bytes/paging";

const requests = drawLengths(shareGpt, 2000, seeded(1));
const places = 15_700;

Deno.test("simulatePaging() wastes less than 4 %, as Kwon et al. 2023 found, and runs more than twice as many requests as the oracle", () => {
  const paged = simulatePaging(requests, { places });
  assert(paged.tokens > 0.96, `${paged.tokens} hold tokens`);
  assertEquals(paged.internal, 0);
  const reserved = (policy: "maximum" | "oracle") =>
    simulateReservation(requests, { places, policy }).requests;
  // Figure 13a: 2.2 and 4.3 times as many.
  assert(Math.abs(paged.requests / reserved("oracle") - 2.2) < 0.5);
  assert(Math.abs(paged.requests / reserved("maximum") - 4.3) < 0.7);
});

Deno.test("what blocks leave empty is half a block for each request, from one token to 128", () => {
  for (const blockSize of [1, 8, 16, 64, 128]) {
    const { tokens, reserved, requests: together } = simulatePaging(requests, {
      places,
      blockSize,
    });
    const context = tokens * places / together;
    const waste = reserved / (tokens + reserved);
    assert(Math.abs(waste - pagedWaste(context, blockSize)) < 0.01, `${blockSize}: ${waste}`);
  }
});

Deno.test("simulatePaging() preempts the request that started last, computes it again and loses nothing", () => {
  // Four blocks of 2. Two requests of 2 + 4 tokens: after two steps both need a third block.
  const pair = [{ prompt: 2, output: 4 }, { prompt: 2, output: 4 }];
  const mean = simulatePaging(pair, { places: 8, blockSize: 2, watermark: 0 });
  assertEquals(mean.preemptions, 1);
  // It waits in the two steps in which the first runs alone, with 5 and 6 tokens.
  assertEquals([mean.steps, mean.requests], [2, 1]);
  assertAlmostEquals(mean.tokens, 5.5 / 8, 1e-12);
});

Deno.test("a larger watermark keeps more free, and preempts less", () => {
  const small = simulatePaging(requests, { places, watermark: 0 });
  const large = simulatePaging(requests, { places, watermark: 0.1 });
  assert(large.preemptions < small.preemptions && large.external > small.external);
});

Deno.test("simulatePaging() lets a watcher add up what it measures, and follow each request to its end", () => {
  const few = requests.slice(0, 200).map((lengths) => ({ ...lengths, arrival: 0 }));
  const most = new Map<number, number>();
  let steps = 0;
  const paged = simulatePaging(few, {
    places,
    watch: (step, held) => {
      assertEquals(step, steps++);
      assert(held.reduce((sum, { places }) => sum + places, 0) <= places);
      for (const { request, tokens, places } of held) {
        assertEquals(places, Math.ceil(tokens / 16) * 16);
        most.set(request, Math.max(most.get(request) ?? 0, tokens));
      }
    },
  });
  assert(steps >= paged.steps);
  few.forEach(({ prompt, output }, request) => assertEquals(most.get(request), prompt + output));
});

Deno.test("simulatePaging() refuses a request that never fits", () => {
  assertThrows(
    () => simulatePaging([{ prompt: 5, output: 40 }], { places: 32, blockSize: 16 }),
    RangeError,
    "each request must fit into 32 places: one does not",
  );
  assertThrows(() => simulatePaging(requests, { places: 8 }), RangeError, "blocks");
  assertThrows(() => simulatePaging(requests, { places, watermark: -1 }), RangeError, "watermark");
});
