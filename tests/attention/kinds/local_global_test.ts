import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  effectiveReach,
  keysAndValues,
  layerWindows,
  randomAttentionLayer,
  reachFormula,
  runAttentionLayer,
  visibleKeysByLayer,
  withWindows,
} from "@fewer-bytes/attention";
import { findModel, layerCount } from "@fewer-bytes/catalog";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { cacheBytes } from "@fewer-bytes/transformer";
import { randomMatrix } from "./support.ts";

Deno.test("layerWindows() places Gemma 3's layers as its published configuration counts them", () => {
  // 62 layers, five local to one global: 10 global, and the catalog reads the same from config.json.
  const windows = layerWindows(62, { window: 1024, globalEvery: 6 });
  const groups = findModel("gemma-3-27b").layers;
  for (const { count, attention } of groups) {
    const window = attention.kind === "heads" ? attention.window ?? Infinity : Infinity;
    assertEquals(windows.filter((each) => each === window).length, count);
  }
});

Deno.test("the cache of a pattern is the sum of what each layer sees of the last token", () => {
  const model = findModel("llama-3.1-8b"); // 4096 bytes a token in each of 32 layers
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 20_000 }),
    (window, globalEvery, context) => {
      const pattern = { window, globalEvery };
      const seen = visibleKeysByLayer(layerWindows(32, pattern), context - 1);
      const bytes = 4096 * seen.reduce((sum, keys) => sum + keys, 0);
      const model2 = withWindows(model, pattern);
      assertEquals(cacheBytes(model2, context), bytes);
      assertEquals(layerCount(model2), 32);
    },
  ));
});

Deno.test("effectiveReach() is how far back a change still matters when the stack is run", () => {
  const heads = { query: 2, keyValue: 2 };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
      (windows) => {
        const random = seeded(5);
        const layers = windows.map(() => randomAttentionLayer(4, heads, 2, random));
        const run = (x: Matrix) =>
          layers.reduce((hidden, layer, i) => {
            const options = { queryHeads: 2, window: windows[i]! };
            return runAttentionLayer(layer, hidden, keysAndValues(layer, hidden, options), options);
          }, x);
        const x = randomMatrix(14, 4, 6);
        const plain = run(x).row(13);
        // The largest distance at which a changed token changes the last one.
        const matters = Array.from({ length: 14 }, (_, distance) => distance).filter((distance) => {
          const changed = x.clone();
          changed.row(13 - distance)[0]! += 1;
          return run(changed).row(13).some((value, i) => value !== plain[i]);
        });
        assertEquals(Math.max(...matters), effectiveReach(windows));
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("the printed formula of the reach computes what effectiveReach() does, 131,040 tokens for Mistral 7B", () => {
  fc.assert(fc.property(fc.nat(60), fc.integer({ min: 1, max: 1e5 }), (layers, window) => {
    const windows = layerWindows(layers, { window, globalEvery: Infinity });
    assertEquals(effectiveReach(windows), reachFormula.evaluate({ layers, window }));
  }));
  const [{ count, attention }] = findModel("mistral-7b-v0.1").layers as [
    ReturnType<typeof findModel>["layers"][number],
  ];
  assert(attention.kind === "heads");
  const window = attention.window!;
  assertEquals(effectiveReach(layerWindows(count, { window, globalEvery: Infinity })), 131_040);
});

Deno.test("one global layer is enough to reach everything", () => {
  assertEquals(effectiveReach(layerWindows(6, { window: 2, globalEvery: 6 })), Infinity);
});

Deno.test("windows and patterns that are none are refused", () => {
  assertThrows(() => layerWindows(2, { window: 0, globalEvery: 1 }), RangeError, "the window");
  assertThrows(() => layerWindows(2, { window: 4, globalEvery: 0 }), RangeError, "globalEvery");
  assertThrows(() => layerWindows(2, { window: NaN, globalEvery: 6 }), RangeError, "the window");
  assertThrows(() => effectiveReach([0.5]), RangeError, "a window");
  assertThrows(
    () => withWindows(findModel("deepseek-v3"), { window: 8, globalEvery: 2 }),
    TypeError,
    "must have heads",
  );
});
