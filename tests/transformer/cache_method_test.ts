import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import {
  cacheBytes,
  cacheBytesPerToken,
  completeCacheMethod,
  storedBytes,
  writtenBytes,
} from "@fewer-bytes/transformer";
import fc from "fast-check";

const twoBits = { format: "int2", groupSize: 32, scaleBits: 16, zeroPointBits: 16 } as const;

/** A sequence as a list of bytes, one a token, that steps of new tokens go through: written differently, token by token. */
class Walk {
  readonly tokens: number[] = [];
  step(newTokens: number, recent: number, whole: number, kept: number) {
    const before = this.tokens.length;
    for (let token = 0; token < newTokens; token++) this.tokens.push(whole);
    let written = 0;
    const first = this.tokens.length - recent; // tokens before this one are kept in fewer bits
    this.tokens.forEach((bytes, place) => {
      if (place >= first && place >= before) written += whole;
      if (place < first && bytes === whole) written += this.tokens[place] = kept;
    });
    return written;
  }
}

Deno.test("storedBytes() and writtenBytes() agree with a walk over the tokens of a growing sequence", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(steps, fc.integer({ min: 0, max: 50 }), (sizes, recent) => {
    const complete = completeCacheMethod("bf16", { storage: "int4", recent });
    const walk = new Walk();
    for (const size of sizes) {
      const context = walk.tokens.length;
      const written = walk.step(size, recent, 2, 0.5);
      assertEquals(writtenBytes(size, context, complete), written);
      assertEquals(
        storedBytes(context + size, complete),
        walk.tokens.reduce((sum, bytes) => sum + bytes, 0),
      );
    }
  }));
});

Deno.test("a method that keeps two bits counts its scales, zero points and recent tokens", () => {
  const model = findModel("llama-2-7b"); // 2 x 32 layers x 4096 values a token
  const method = { name: "two bits", storage: twoBits, recent: 128 };
  const values = 2 * 32 * 4096;
  assertAlmostEquals(
    cacheBytes(model, 10_000, { method }),
    values * (128 * 2 + (10_000 - 128) * (2 + 32 / 32) / 8),
    1,
  );
  assertEquals(cacheBytes(model, 100, { method }), values * 100 * 2); // all of them recent
});

Deno.test("a method that evicts keeps no more than its budget, whatever the context", () => {
  const model = findModel("qwen3-8b");
  const method = { name: "budget", budget: 2048 };
  assertEquals(cacheBytes(model, 1e6, { method }), 2048 * cacheBytesPerToken(model));
  assertEquals(cacheBytes(model, 1000, { method }), 1000 * cacheBytesPerToken(model));
});

Deno.test("what is kept in the place of keys and values is counted instead of them", () => {
  const model = findModel("qwen3-8b");
  const method = { name: "inputs", kept: () => ({ values: 4096, rebuild: 1 }) };
  assertEquals(cacheBytes(model, 10, { method }), 10 * 36 * 4096 * 2);
});

Deno.test("a cache method refuses a negative window of recent tokens, and a budget below one", () => {
  assertThrows(
    () => completeCacheMethod("bf16", { recent: -1 }),
    RangeError,
    "recent must be a finite number >= 0: current value is -1",
  );
  assertThrows(
    () => completeCacheMethod("bf16", { budget: 0 }),
    RangeError,
    "the budget must be a finite number >= 1: current value is 0",
  );
  assertThrows(() => completeCacheMethod("bf16", { recent: NaN }), RangeError);
});
