import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  type Candidate,
  findLink,
  searchPlacement,
  simulatePools,
  trafficLasting,
} from "@fewer-bytes/disaggregation";
import { attainment, fixedLengths, StepCost } from "@fewer-bytes/serving";
import { hardware, llama } from "../setups.ts";

const model = findModel("llama-3.1-8b");
const a100 = new StepCost({ model, hardware: findHardware("nvidia-a100-sxm-80gb") });
const candidates: Candidate[] = [
  { name: "H100", deployment: llama, price: 2 },
  { name: "A100", deployment: a100, price: 1 },
];
const requestsAt = trafficLasting(12, {
  prompt: fixedLengths(1500),
  output: fixedLengths(100),
  atLeast: 200,
});
const objective = { timeToFirstToken: 0.3, timePerOutputToken: 0.02 };
const setup = { candidates, requestsAt, objective, rate: 40, search: { from: 8, tolerance: 0.05 } };
const path = { link: findLink("NVLink", hardware) };

Deno.test("searchPlacement() finds the pair that simulating all pairs finds best for its price", () => {
  // Another way to the same: each pair is simulated as pools, one server against plenty, rate by rate upwards.
  const goodput = (readers: Candidate, writers: Candidate, servers: [number, number]) => {
    let rate = 2;
    const met = (rate: number) =>
      attainment(
        simulatePools({
          prefill: { deployment: readers.deployment, servers: servers[0] },
          decode: { deployment: writers.deployment, servers: servers[1] },
          requests: requestsAt(rate),
          path,
        }),
        objective,
      ) >= 0.9;
    while (met(rate * 1.1)) rate *= 1.1;
    return rate;
  };
  let best = "", most = 0;
  for (const reader of candidates) {
    for (const writer of candidates) {
      const read = goodput(reader, writer, [1, 12]) / reader.price!;
      const write = goodput(reader, writer, [12, 1]) / writer.price!;
      const both = 1 / (1 / read + 1 / write);
      if (both > most) [best, most] = [`${reader.name} reads, ${writer.name} writes`, both];
    }
  }
  const { prefill, decode, ratePerPrice } = searchPlacement(setup);
  assertEquals(`${prefill.candidate.name} reads, ${decode.candidate.name} writes`, best);
  assertAlmostEquals(ratePerPrice / most, 1, 0.2);
});

Deno.test("searchPlacement() names servers that nearly keep both promises together", () => {
  const { prefill, decode, price } = searchPlacement(setup);
  const result = simulatePools({
    prefill: { deployment: prefill.candidate.deployment, servers: prefill.servers },
    decode: { deployment: decode.candidate.deployment, servers: decode.servers },
    requests: requestsAt(setup.rate),
    path,
  });
  assert(attainment(result, objective) > 0.85);
  assertEquals(price, prefill.servers * prefill.price + decode.servers * decode.price);
  assert((prefill.servers - 1) * prefill.rate < 40 && (decode.servers - 1) * decode.rate < 40);
});

Deno.test("searchPlacement() buys another device for a phase when its price changes", () => {
  const named = (price: number) =>
    searchPlacement({ ...setup, candidates: [{ ...candidates[0]!, price }, candidates[1]!] });
  const [cheap, dear] = [named(0.1), named(100)];
  assertEquals([cheap.prefill.candidate.name, cheap.decode.candidate.name], ["H100", "H100"]);
  assertEquals([dear.prefill.candidate.name, dear.decode.candidate.name], ["A100", "A100"]);
});

Deno.test("searchPlacement() takes no server that cannot hold the model, or is too slow for a lone request", () => {
  const large = { name: "too large", deployment: { model: findModel("opt-66b"), hardware } };
  const { candidates: found } = searchPlacement({ ...setup, candidates: [large, candidates[1]!] });
  assertEquals([found[0]!.prefill.rate, found[0]!.decode.rate], [0, 0]);
  assertThrows(
    () => searchPlacement({ ...setup, candidates: [large] }),
    RangeError,
    "none of too large does",
  );
});

Deno.test("searchPlacement() refuses an empty list, and a rate or a price that is none", () => {
  assertThrows(() => searchPlacement({ ...setup, candidates: [] }), RangeError, "not be empty");
  assertThrows(() => searchPlacement({ ...setup, rate: 0 }), RangeError, "the rate");
  assertThrows(
    () => searchPlacement({ ...setup, candidates: [{ ...candidates[0]!, price: 0 }] }),
    RangeError,
    "the price of H100",
  );
});
