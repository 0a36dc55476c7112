import { assert, assertEquals, assertThrows } from "@std/assert";
import { route } from "@fewer-bytes/disaggregation";
import { arrivalTimes, poissonArrivals, requests } from "@fewer-bytes/serving";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { pick } from "../../../lib/disaggregation/pools/route.ts";

const servers = fc.integer({ min: 1, max: 8 });
// Whole seconds, so that servers become free and requests come at the same moment now and then.
const traffic = fc.array(fc.record({ gap: fc.nat(5), work: fc.nat(9) }), {
  minLength: 1,
  maxLength: 60,
}).map((all) => {
  let now = 0;
  return {
    arrival: Float64Array.from(all, ({ gap }) => now += gap),
    work: Float64Array.from(all, ({ work }) => work),
  };
});

Deno.test("route() gives each request to exactly one server, in order", () => {
  fc.assert(fc.property(traffic, servers, ({ arrival, work }, count) => {
    const shares = route({ arrival }, count, work);
    assertEquals(shares.length, count);
    for (const share of shares) assertEquals(share, share.toSorted((a, b) => a - b));
    assertEquals(shares.flat().sort((a, b) => a - b), Array.from(arrival, (_, at) => at));
  }));
});

Deno.test("route() begins each request when one queue in front of all servers would", () => {
  fc.assert(fc.property(traffic, servers, ({ arrival, work }, count) => {
    const begun = new Float64Array(arrival.length);
    for (const share of route({ arrival }, count, work)) {
      let free = 0;
      for (const request of share) {
        begun[request] = Math.max(free, arrival[request]!);
        free = begun[request]! + work[request]!;
      }
    }
    // One queue: the clock ticks, and whoever is first takes any server that is idle.
    const wanted = new Float64Array(arrival.length);
    const busyUntil = new Array(count).fill(0);
    let next = 0;
    for (let now = 0; next < arrival.length; now++) {
      for (let server = 0; server < count && next < arrival.length; server++) {
        // A server without work for it takes several at once.
        while (next < arrival.length && arrival[next]! <= now && busyUntil[server]! <= now) {
          wanted[next] = now;
          busyUntil[server] = now + work[next++]!;
        }
      }
    }
    assertEquals(begun, wanted);
  }));
});

Deno.test("route() in turn is a round of all servers", () => {
  fc.assert(fc.property(traffic, servers, ({ arrival }, count) => {
    route({ arrival }, count).forEach((share, server) =>
      share.forEach((request) => assertEquals(request % count, server))
    );
  }));
});

Deno.test("route() loads all servers alike when prompts are short, as answers come on top", () => {
  const arrival = arrivalTimes(poissonArrivals(8), 1200, seeded(1));
  const work = new Float64Array(1200).fill(0.1); // on average 0.8 of one server, of eight
  const lengths = route({ arrival }, 8, work).map((share) => share.length);
  for (const length of lengths) assert(Math.abs(length - 150) < 20, lengths.join(" "));
});

Deno.test("route() refuses a fleet without servers", () => {
  assertThrows(
    () => route({ arrival: Float64Array.of(0) }, 0),
    RangeError,
    "the number of servers",
  );
});

Deno.test("pick() takes the three columns of some requests, and leaves out what is shared or paused", () => {
  const all = requests([0, 1, 2].map((arrival) => ({
    arrival,
    promptTokens: 10 + arrival,
    outputTokens: 20 + arrival,
    prefix: 0,
    prefixTokens: 5,
  })));
  assertEquals(pick(all, [0, 2]), {
    arrival: Float64Array.of(0, 2),
    promptTokens: Int32Array.of(10, 12),
    outputTokens: Int32Array.of(20, 22),
  });
});
