import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findPim, pimCatalog } from "@fewer-bytes/catalog";
import { peakRate } from "@fewer-bytes/roofline";
import type { Operator } from "@fewer-bytes/transformer";
import { pimTime, rowEfficiency } from "@fewer-bytes/pim";
import fc from "fast-check";

const row = (change: Partial<Operator> = {}): Operator => ({
  name: "attention",
  layers: 1,
  flops: 0,
  bytes: { weights: 0, cache: 0, activations: 0 },
  transfer: 0,
  precision: "fp16",
  ...change,
});

Deno.test("pimTime() of a matrix and a vector is its bytes over the internal bandwidth: by hand", () => {
  // GDDR6-AiM, 4096 x 4096 in bf16: 33,554,432 bytes in rows of 2 KiB on 32 banks, 64 + 44 ns each; 16 KiB over 64 GB/s.
  const operator = row({
    flops: 2 * 4096 ** 2,
    bytes: { weights: 2 * 4096 ** 2, cache: 0, activations: 2 * 2 * 4096 },
    precision: "bf16",
  });
  const time = pimTime(operator, findPim("sk-hynix-gddr6-aim"));
  assertAlmostEquals(time.memory, 2 * 4096 ** 2 / 32 / 2048 * 108e-9, 1e-15);
  assertAlmostEquals(time.transfer, 16384 / 64e9, 1e-15);
  assertAlmostEquals(time.seconds, time.memory + time.transfer, 1e-15);
  assertEquals(time.bound, "memory");
});

Deno.test("pimTime() adds a start for each layer, the larger of reading and computing, and the transfers", () => {
  const amount = fc.integer({ min: 0, max: 1e9 });
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      fc.integer({ min: 1, max: 80 }),
      (flops, cache, activations, layers) => {
        for (const device of pimCatalog) {
          const precision = device.peak.int8 ? "int8" : "fp16";
          const operator = row({
            flops,
            layers,
            bytes: { weights: 0, cache, activations },
            precision,
          });
          const reading = cache / device.memory[0].bandwidth / rowEfficiency(device);
          const expected = layers * device.pim.command +
            Math.max(reading, flops / peakRate(device, precision)) +
            activations / device.links[0]!.bandwidth;
          assertAlmostEquals(pimTime(operator, device).seconds, expected, 1e-9 * expected + 1e-30);
        }
      },
    ),
  );
});

Deno.test("pimTime() waits for units beyond one operation a byte, as units in banks do one for each", () => {
  const device = findPim("attacc-bank");
  const bound = (flops: number) =>
    pimTime(row({ flops, bytes: { weights: 0, cache: 1e9, activations: 0 } }), device).bound;
  assertEquals([0.5e9, 1e9, 2e9].map(bound), ["memory", "memory", "compute"]);
});

Deno.test("pimTime() says when transfers, or starting, take most", () => {
  const far = row({ bytes: { weights: 0, cache: 1, activations: 1e9 } });
  assertEquals(pimTime(far, findPim("attacc-bank")).bound, "transfer");
  assertEquals(
    pimTime(row({ flops: 1, precision: "int8" }), findPim("upmem-dimm")).bound,
    "command",
  );
  const twice = pimTime(far, findPim("attacc-bank"), { copies: 2 }).transfer;
  assertAlmostEquals(twice, 2 * pimTime(far, findPim("attacc-bank")).transfer, 1e-12);
});

Deno.test("pimTime() refuses what it cannot do", () => {
  const device = findPim("upmem-dimm");
  assertThrows(() => pimTime(row({ flops: 1 }), device), RangeError, "Cannot compute in fp16");
  assertThrows(() => pimTime(row(), { ...device, links: [] }), RangeError, "link to the host");
  assertThrows(() => pimTime(row(), device, { copies: 0 }), RangeError, "copies");
});
