import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { ringAllReduce, ringAllReduceFormula } from "@fewer-bytes/disaggregation";
import { operators } from "@fewer-bytes/transformer";
import fc from "fast-check";

/** Carries out a ring with numbers: returns what each device has in the end, the turns, and the values each sent. */
function carryOut(values: number[][]): { sums: number[][]; turns: number; sent: number } {
  const n = values.length;
  const have = values.map((own) => [...own]);
  let turns = 0, sent = 0;
  const turn = (piece: (device: number) => number, adds: boolean) => {
    const messages = have.map((own, device) => own[piece(device)]!);
    messages.forEach((message, device) => {
      const next = (device + 1) % n;
      const at = piece(device);
      have[next]![at] = adds ? have[next]![at]! + message : message;
    });
    turns++;
    sent++; // one piece leaves each device
  };
  for (let round = 0; round < n - 1; round++) turn((device) => (device - round + n) % n, true);
  for (let round = 0; round < n - 1; round++) turn((device) => (device + 1 - round + n) % n, false);
  return { sums: have, turns, sent };
}

Deno.test("ringAllReduce() counts the turns and bytes of a ring that is carried out", () => {
  for (const n of [2, 3, 5, 8]) {
    const values = Array.from(
      { length: n },
      (_, d) => Array.from({ length: n }, (_, p) => d * 10 + p),
    );
    const { sums, turns, sent } = carryOut(values);
    for (const own of sums) {
      assertEquals(own, own.map((_, p) => values.reduce((sum, other) => sum + other[p]!, 0)));
    }
    const bytes = 4096 * n;
    const found = ringAllReduce(bytes, { devices: n, bandwidth: 1e9, latency: 1e-6 });
    assertAlmostEquals(found, turns * 1e-6 + sent * (bytes / n) / 1e9, 1e-15);
  }
});

Deno.test("ringAllReduce() is its printed formula", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 64 }),
    fc.double({ min: 0, max: 1e10, noNaN: true }),
    fc.double({ min: 0, max: 1e-3, noNaN: true }),
    (n, bytes, alpha) => {
      const wanted = ringAllReduceFormula.evaluate({ n, bytes, alpha, bandwidth: 5e10 });
      const found = ringAllReduce(bytes, { devices: n, bandwidth: 5e10, latency: alpha });
      assertAlmostEquals(found, wanted, 1e-12 * wanted);
    },
  ));
});

Deno.test("ringAllReduce() agrees with the operator table, two rings a layer", () => {
  const model = findModel("llama-3.1-8b");
  const step = { phase: "decode", batch: 7, newTokens: 1, context: 10 } as const;
  const row = operators(model, step, { devices: 4 }).find(({ name }) => name === "all-reduce")!;
  const { bandwidth } = findHardware("nvidia-h100-sxm").links[0]!;
  const one = ringAllReduce(7 * model.hiddenSize * 2, { devices: 4, bandwidth });
  assertAlmostEquals(row.transfer / bandwidth, 2 * 32 * one, 1e-15);
});

Deno.test("ringAllReduce() refuses a ring that is none", () => {
  const ring = { devices: 2, bandwidth: 1 };
  assertThrows(() => ringAllReduce(-1, ring), RangeError, "the bytes");
  assertThrows(() => ringAllReduce(1, { ...ring, devices: 0 }), RangeError, "devices");
  assertThrows(() => ringAllReduce(1, { ...ring, bandwidth: NaN }), RangeError, "the bandwidth");
  assertThrows(() => ringAllReduce(1, { ...ring, latency: -1 }), RangeError, "the latency");
});
