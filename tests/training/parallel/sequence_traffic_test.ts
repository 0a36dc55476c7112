import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { sequenceTraffic } from "@fewer-bytes/training";
import { operators, sumOperators } from "@fewer-bytes/transformer";

const model = findModel("llama-2-7b"), batch = { sequences: 1, tokens: 8192 };

Deno.test("dividing matrices sends what the operator table's all-reduces do", () => {
  const step = { phase: "prefill", batch: 1, newTokens: 8192, context: 0 } as const;
  const table = sumOperators(operators(model, step, { devices: 8 })).transfer;
  assertAlmostEquals(sequenceTraffic(model, batch, "tensor", 8), table, 1);
});

/** Who holds which (token, head) before and after; what a device must send to others, counted one by one. */
function countedExchange(tokens: number, heads: number, devices: number): number {
  let sent = 0;
  for (let token = 0; token < tokens; token++) {
    for (let head = 0; head < heads; head++) {
      const before = Math.floor(token / (tokens / devices));
      const after = Math.floor(head / (heads / devices));
      if (before === 0 && after !== before) sent++;
    }
  }
  return sent;
}

Deno.test("changing tokens for heads sends what a count of each token and head says", () => {
  for (const devices of [1, 2, 4, 8]) {
    const one = countedExchange(64, 32, devices);
    // queries, keys and values on the way, the output back; 128 numbers of 2 bytes; 32 layers
    const wanted = 4 * one * 128 * 2 * 32;
    const found = sequenceTraffic(model, { sequences: 1, tokens: 64 }, "heads", devices);
    assertAlmostEquals(found, wanted, 1e-6);
  }
});

Deno.test("a ring passes keys and values of its own tokens n - 1 times", () => {
  for (const devices of [2, 4, 8]) {
    const own = 8192 / devices;
    const wanted = (devices - 1) * own * 2 * 4096 * 2 * 32;
    assertAlmostEquals(sequenceTraffic(model, batch, "ring", devices), wanted, 1e-3);
  }
});

// DeepSpeed-Ulysses (2023): 4Nh/P a link in place of 4Nh, so constant when sequence and devices grow together.
Deno.test("as devices and sequence grow together, heads send the same and matrices ever more", () => {
  const of = (way: "tensor" | "heads", devices: number) =>
    sequenceTraffic(model, { sequences: 1, tokens: 4096 * devices }, way, devices);
  assertAlmostEquals(of("heads", 32) / of("heads", 16), 31 / 32 / (15 / 16), 1e-9);
  assert(of("tensor", 32) / of("tensor", 16) > 2);
});

Deno.test("grouped heads make the ring cheap, and one device sends nothing", () => {
  const grouped = sequenceTraffic(findModel("llama-3.1-8b"), batch, "ring", 8);
  assertAlmostEquals(grouped / sequenceTraffic(model, batch, "ring", 8), 1 / 4, 1e-12);
  for (const way of ["tensor", "heads", "ring"] as const) {
    assertEquals(sequenceTraffic(model, batch, way, 1), 0);
  }
});

Deno.test("latents and heads that do not divide are refused", () => {
  const latent = findModel("deepseek-v3");
  assertThrows(() => sequenceTraffic(latent, batch, "ring", 2), RangeError, "has a latent");
  assertThrows(() => sequenceTraffic(model, batch, "heads", 3), RangeError, "32 query heads");
  assertThrows(() => sequenceTraffic(model, batch, "ring", 0), RangeError, "the devices");
});
