import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { interference } from "@fewer-bytes/disaggregation";
import { operators } from "@fewer-bytes/transformer";
import { stepTime } from "@fewer-bytes/roofline";
import { findModel } from "@fewer-bytes/catalog";
import fc from "fast-check";
import { hardware, llama } from "../setups.ts";

const step = fc.record({
  decodes: fc.integer({ min: 1, max: 200 }),
  context: fc.integer({ min: 1, max: 20_000 }),
  promptTokens: fc.integer({ min: 1, max: 20_000 }),
});

Deno.test("interference() times both steps as the operator table does", () => {
  const model = findModel("llama-3.1-8b");
  const found = interference(llama, { decodes: 20, context: 900, promptTokens: 3000 });
  const time = (phase: "prefill" | "decode", batch: number, newTokens: number, context: number) =>
    stepTime(operators(model, { phase, batch, newTokens, context }), hardware).seconds;
  assertAlmostEquals(found.decode, time("decode", 20, 1, 900), 1e-9);
  assertAlmostEquals(found.prompt, time("prefill", 1, 3000, 0), 1e-6);
});

Deno.test("interference() of a prompt of one token is that of one more sequence", () => {
  const { together } = interference(llama, { decodes: 1, context: 700, promptTokens: 1 });
  const { decode } = interference(llama, { decodes: 2, context: 350, promptTokens: 9 });
  assertAlmostEquals(together / decode, 1, 1e-9); // 701 + 1 keys, or twice 351
});

Deno.test("a mixed step is longer than either, and shorter than both one after the other", () => {
  fc.assert(fc.property(step, (step) => {
    const found = interference(llama, step);
    assert(found.together >= Math.max(found.decode, found.prompt) * (1 - 1e-12));
    assert(found.together < found.decode + found.prompt);
    assertAlmostEquals(found.decodeSlowdown * found.decode, found.together, 1e-12);
    assertAlmostEquals(found.promptSlowdown * found.prompt, found.together, 1e-12);
  }));
});

Deno.test("a longer prompt slows decoding down more, and is itself slowed down less", () => {
  const [short, long] = [500, 5000].map((promptTokens) =>
    interference(llama, { decodes: 32, context: 1000, promptTokens })
  );
  assert(long!.decodeSlowdown > 5 * short!.decodeSlowdown);
  assert(long!.promptSlowdown < short!.promptSlowdown);
});

Deno.test("interference() refuses counts that are none", () => {
  const good = { decodes: 1, context: 1, promptTokens: 1 };
  for (const name of ["decodes", "context", "promptTokens"]) {
    assertThrows(() => interference(llama, { ...good, [name]: 0 }), RangeError, name);
    assertThrows(() => interference(llama, { ...good, [name]: NaN }), RangeError, name);
  }
});
