import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { flashAttention, flashSteps, TwoLevelMemory } from "@fewer-bytes/attention";
import { anySizes, anyTile, randomInputs, wideInputs } from "./random_inputs.ts";

const orders = fc.constantFrom("queries outer" as const, "keys outer" as const);

Deno.test("flashSteps() ends with the bytes that flashAttention() moves, and never goes back", () => {
  fc.assert(fc.property(anySizes, anyTile, orders, (sizes, tile, order) => {
    const inputs = randomInputs(sizes);
    const steps = flashSteps(inputs, { tile, order });
    const { memory } = flashAttention(inputs, { tile, order, memory: new TwoLevelMemory(1e6) });
    const last = steps.at(-1)!;
    assertEquals([last.bytesRead, last.bytesWritten], [memory.bytesRead, memory.bytesWritten]);
    steps.slice(1).forEach((step, i) => assert(step.bytesRead >= steps[i]!.bytesRead));
    assertEquals(steps.map(({ turn }) => turn), steps.map((_, i) => i));
  }));
});

Deno.test("flashSteps() shows running maxima: the largest score of the keys seen so far", () => {
  fc.assert(fc.property(anySizes, anyTile, orders, fc.nat(999), (sizes, tile, order, seed) => {
    const inputs = randomInputs(sizes, seed);
    const { queries, keys } = wideInputs(inputs);
    const scores = queries.multiply(keys.transpose());
    for (const { rows, columns, maxima } of flashSteps(inputs, { tile, order })) {
      maxima.forEach((maximum, r) => {
        const seen = scores.row(rows[0] + r).slice(0, columns[1]);
        const expected = Math.max(...seen) / Math.sqrt(sizes.width);
        assert(Math.abs(maximum - expected) < 1e-5 * (1 + Math.abs(expected)));
      });
    }
  }));
});

Deno.test("flashSteps() lists every tile, hidden ones too, and brings nothing for those", () => {
  fc.assert(fc.property(anySizes, anyTile, orders, (sizes, tile, order) => {
    const steps = flashSteps(randomInputs(sizes), { tile, order, causal: true });
    const all = Math.ceil(sizes.queries / tile.rows) * Math.ceil(sizes.keys / tile.columns);
    assertEquals(steps.length, all);
    for (const { rows, columns, masked, brought } of steps) {
      const lastSeen = rows[1] - 1 + sizes.keys - sizes.queries;
      const firstSeen = rows[0] + sizes.keys - sizes.queries;
      const expected = columns[0] > lastSeen
        ? "wholly"
        : columns[1] - 1 > firstSeen
        ? "partly"
        : "no";
      assertEquals(masked, expected);
      if (masked === "wholly") assertEquals(brought, []);
    }
  }));
});

Deno.test("FlashAttention's order brings unfinished results back, FlashAttention-2's never does", () => {
  const inputs = randomInputs({ queries: 8, keys: 8, width: 2, valueWidth: 2 });
  const brings = (order: "queries outer" | "keys outer") =>
    flashSteps(inputs, { order, tile: { rows: 4, columns: 4 } }).flatMap(({ brought }) => brought)
      .filter((what) => what.startsWith("unfinished"));
  assertEquals(brings("queries outer"), []);
  assertEquals(brings("keys outer"), ["unfinished results 0–3", "unfinished results 4–7"]);
});
