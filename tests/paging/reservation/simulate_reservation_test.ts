import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { drawLengths, shareGpt, simulateReservation } from "@fewer-bytes/paging";

Deno.test("simulateReservation() reproduces figures 2 and 13a of Kwon et al. 2023 within five points of the memory", () => {
  const requests = drawLengths(shareGpt, 2000, seeded(1));
  // Tokens, reserved, internal, external and others, in percent; requests that run together.
  const published = {
    "maximum": [20.4, 13.3, 57.3, 8.9, 7.00],
    "power of two": [26.8, 17.9, 13.6, 41.6, 9.81],
    "oracle": [38.2, 25.2, 0, 36.6, 13.62],
  } as const;
  for (const policy of ["maximum", "power of two", "oracle"] as const) {
    const [tokens, reserved, internal, external, together] = published[policy];
    const mean = simulateReservation(requests, { places: 15_700, policy });
    assert(Math.abs(100 * mean.tokens - tokens) < 3, `${policy}: ${mean.tokens} hold tokens`);
    assert(Math.abs(100 * mean.reserved - reserved) < 2, `${policy}: ${mean.reserved} reserved`);
    assert(Math.abs(100 * mean.internal - internal) < 2, `${policy}: ${mean.internal} internal`);
    assert(Math.abs(100 * mean.external - external) < 5, `${policy}: ${mean.external} external`);
    assert(Math.abs(mean.requests / together - 1) < 0.06, `${policy}: ${mean.requests} requests`);
    assert(mean.tokens > 0.18 && mean.tokens < 0.40, "62 to 80 % is waste");
  }
});

Deno.test("simulateReservation() of equal requests is what one can count", () => {
  // Two pieces of 8 fit; prompt 2 and output 4 hold 3, 4, 5 and 6 tokens, then the next two start.
  const requests = Array.from({ length: 4 }, () => ({ prompt: 2, output: 4 }));
  const mean = simulateReservation(requests, { places: 20, policy: "maximum", maximum: 8 });
  assertEquals([mean.steps, mean.requests], [4, 2]);
  assertAlmostEquals(mean.tokens, 2 * 4.5 / 20, 1e-12);
  assertAlmostEquals(mean.reserved, 2 * 1.5 / 20, 1e-12);
  assertAlmostEquals(mean.internal, 2 * 2 / 20, 1e-12);
  assertAlmostEquals(mean.external, 4 / 20, 1e-12);
});

Deno.test("requests that have not come yet do not wait", () => {
  const requests = [0, 1, 50, 50].map((arrival) => ({ prompt: 2, output: 4, arrival }));
  const mean = simulateReservation(requests, { places: 8, policy: "maximum", maximum: 8 });
  assertEquals(mean.steps, 3 + 4);
  assertEquals(mean.requests, 1);
});

Deno.test("simulateReservation() lets a watcher see pieces that never overlap, and each request to its end", () => {
  const requests = drawLengths(shareGpt, 60, seeded(2));
  const most = new Map<number, number>();
  simulateReservation([...requests, { prompt: 1, output: 1 }], {
    places: 5000,
    policy: "power of two",
    watch: (_, held) => {
      let end = 0;
      for (const piece of held.toSorted((a, b) => a.at! - b.at!)) {
        assert(piece.at! >= end && piece.tokens <= piece.places);
        end = piece.at! + piece.places;
        most.set(piece.request, piece.tokens);
      }
      assert(end <= 5000);
    },
  });
  // The last ones may still run when nobody waits any more.
  requests.slice(0, 40).forEach(({ prompt, output }, request) =>
    assertEquals(most.get(request), prompt + output)
  );
});

Deno.test("simulateReservation() refuses a request that never fits, and load that never fills the memory", () => {
  const request = { prompt: 2, output: 4 };
  assertThrows(
    () => simulateReservation([request], { places: 1000, policy: "maximum" }),
    RangeError,
    "each request must fit into 1000 places: one needs 2048",
  );
  assertThrows(
    () => simulateReservation([request], { places: 8, policy: "oracle" }),
    RangeError,
    "must have waited",
  );
  assertThrows(
    () => simulateReservation([request], { places: NaN, policy: "oracle" }),
    RangeError,
    "places",
  );
});
