import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { loadsAtLeast, weightLoads } from "@fewer-bytes/offload";
import fc from "fast-check";

const count = fc.integer({ min: 1, max: 40 });

Deno.test("weightLoads() counts what loops over blocks, tokens, layers and batches load", () => {
  fc.assert(
    fc.property(count, count, count, count, (sequences, gpuBatch, batches, outputTokens) => {
      const request = { sequences, gpuBatch, batches, outputTokens };
      for (const order of ["row by row", "zigzag"] as const) {
        const together = order === "zigzag" ? gpuBatch * batches : gpuBatch;
        let loads = 0;
        for (let from = 0; from < sequences; from += together) {
          for (let token = 0; token < outputTokens; token++) loads++; // each layer once for all of them
        }
        assertEquals(weightLoads(order, request), loads);
      }
    }),
  );
});

Deno.test("loadsAtLeast() holds FlexGen's theorem 4.1: a zig-zag loads at most twice as often", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.integer({ min: 1, max: 2000 }),
      (promptTokens, outputTokens) => {
        const { zigzag, least } = loadsAtLeast({
          sequences: 100,
          promptTokens,
          outputTokens,
          room: 10_000,
        });
        assert(zigzag >= least && zigzag < 2 * least);
      },
    ),
  );
});

Deno.test("loadsAtLeast() is what a diagonal needs: caches of sequences at all places of their answers", () => {
  const [promptTokens, outputTokens] = [10, 31];
  let tokens = 0;
  for (let place = 0; place < outputTokens; place++) tokens += promptTokens + place;
  const room = 1000;
  const together = room / (tokens / outputTokens);
  const { least } = loadsAtLeast({ sequences: 5000, promptTokens, outputTokens, room });
  assertAlmostEquals(least, 5000 / together, 1e-9);
});

Deno.test("loads refuse room for less than one cache", () => {
  assertThrows(
    () => loadsAtLeast({ sequences: 1, promptTokens: 10, outputTokens: 2, room: 10 }),
    RangeError,
    "one cache of 11 tokens",
  );
  assertThrows(
    () => weightLoads("zigzag", { sequences: 0, gpuBatch: 1, batches: 1, outputTokens: 1 }),
    RangeError,
    "sequences",
  );
});
