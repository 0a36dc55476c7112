import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { denseCache, forward, rotateHeads } from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";
import { WindowCache, windowMethod } from "@fewer-bytes/cache";
import { cacheBytes } from "@fewer-bytes/transformer";
import { findModel } from "@fewer-bytes/catalog";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import {
  drive,
  headDimension,
  keyValueHeads,
  largestDifference,
  maskedResult,
  model,
  queryHeads,
  randomTokens,
} from "./drive.ts";

const options = fc.record({
  window: fc.integer({ min: 1, max: 12 }),
  sinks: fc.integer({ min: 0, max: 5 }),
});

Deno.test("WindowCache at the places of the sequence is full attention under a mask of the first and the newest tokens", () => {
  const tokens = randomTokens(30);
  fc.assert(
    fc.property(options, ({ window, sinks }) => {
      const seen = drive(new WindowCache(model, { window, sinks, positions: "sequence" }), tokens);
      const visible = (query: number, key: number) => key < sinks || key > query - window;
      for (let layer = 0; layer < 3; layer++) {
        for (let head = 0; head < queryHeads; head++) {
          maskedResult(tokens, layer, head, visible).forEach((row, token) =>
            assert(largestDifference(seen[layer]![token]![head]!.result, row) < 1e-4)
          );
        }
      }
    }),
    { numRuns: 8 },
  );
});

Deno.test("WindowCache at the places of the cache is attention over keys and a query turned to those places", () => {
  const tokens = randomTokens(30, 2);
  const [window, sinks] = [6, 3];
  const seen = drive(new WindowCache(model, { window, sinks }), tokens);
  const turned = (matrix: Matrix, row: number, heads: number, by: number) => {
    const copy = Float32Array.from(matrix.row(row));
    rotateHeads(copy, 0, heads, headDimension, by, model.ropeTheta);
    return new Matrix(1, copy.length, copy);
  };
  for (const token of [5, 9, 20, 29]) {
    // From scratch: what is kept, in order, and each key turned from its place in the sequence to its place in the list.
    const kept = Array.from({ length: token + 1 }, (_, t) => t)
      .filter((t) => t < sinks || t > token - window);
    const last = kept.length - 1;
    const query = turned(tokens.queries[1]!, token, queryHeads, last - token);
    for (let head = 0; head < queryHeads; head++) {
      const shared = Math.floor(head / 3) * headDimension;
      const weights = kept.map((t, place) => {
        const key = turned(tokens.keys[1]!, t, keyValueHeads, place - t);
        let dot = 0;
        for (let i = 0; i < headDimension; i++) {
          dot += query.get(0, head * headDimension + i) * key.get(0, shared + i);
        }
        return Math.exp(dot / 2);
      });
      const sum = weights.reduce((a, b) => a + b, 0);
      const result = Array.from(
        { length: headDimension },
        (_, i) =>
          kept.reduce(
            (all, t, place) => all + weights[place]! / sum * tokens.values[1]!.get(t, shared + i),
            0,
          ),
      );
      assert(largestDifference(seen[1]![token]![head]!.result, result) < 1e-4);
    }
  }
});

Deno.test("WindowCache never keeps more than sinks and window, and is the dense cache, bit by bit, while both suffice", () => {
  const tokens = randomTokens(25, 3);
  const dense = drive(denseCache(tinyModel()), tokens);
  fc.assert(
    fc.property(options, ({ window, sinks }) => {
      const cache = new WindowCache(model, { window, sinks });
      const seen = drive(cache, tokens);
      const room = window + sinks;
      assertEquals(cache.bytes, 3 * Math.min(25, room) * 2 * 8 * 4);
      assertEquals(
        seen.map((layer) => layer.slice(0, room)),
        dense.map((layer) => layer.slice(0, room)),
      );
      seen.flat(2).forEach(({ shares }) => assert(shares.length <= room));
    }),
    { numRuns: 10 },
  );
});

Deno.test("WindowCache gives the same for a prompt in one piece and token by token", () => {
  const prompt = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
  const tiny = tinyModel();
  const whole = new WindowCache(tiny, { window: 4, sinks: 2 });
  const [expected] = forward(tiny, [{ tokens: prompt, cache: whole }]);
  const cache = new WindowCache(tiny, { window: 4, sinks: 2 });
  let logits = new Float32Array();
  for (const token of prompt) {
    [logits] = forward(tiny, [{ tokens: [token], cache }]) as [Float32Array<ArrayBuffer>];
  }
  assert(largestDifference(logits, expected!) < 1e-5);
  assertEquals(cache.length, prompt.length);
});

Deno.test("windowMethod() lets the operator table count what the cache holds", () => {
  const shape = tinyModel().shape;
  const cache = new WindowCache(model, { window: 5, sinks: 2 });
  drive(cache, randomTokens(20));
  const method = windowMethod({ window: 5, sinks: 2 });
  assertEquals(cacheBytes(shape, 20, { storage: "fp32", method }), cache.bytes);
  assertEquals(
    cacheBytes(findModel("llama-3.1-8b"), 100_000, { method }),
    cacheBytes(findModel("llama-3.1-8b"), 7),
  );
});

Deno.test("WindowCache refuses a window of no token, and fewer than no sinks", () => {
  assertThrows(
    () => new WindowCache(model, { window: 0 }),
    RangeError,
    "the window must be a finite number >= 1: current value is 0",
  );
  assertThrows(() => new WindowCache(model, { window: 4, sinks: -1 }), RangeError, "sinks");
  assertThrows(() => windowMethod({ window: 0.5 }), RangeError, "window");
  assertEquals(new WindowCache(model, { window: 4 }).bytes, 0);
});
