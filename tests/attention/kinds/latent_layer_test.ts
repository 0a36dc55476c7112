import { assertEquals, assertThrows } from "@std/assert";
import { latentCache, randomLatentAttention } from "@fewer-bytes/attention";
import { findModel } from "@fewer-bytes/catalog";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { cachedValues } from "@fewer-bytes/transformer";
import golden from "./fixtures/golden_latent.json" with { type: "json" };
import { assertClose, randomMatrix } from "./support.ts";

const small = {
  hiddenSize: 8,
  heads: 2,
  keyValueRank: 4,
  rotaryDimension: 2,
  keyDimension: 3,
  valueDimension: 5,
};

// Made with the inference code that DeepSeek published: see fixtures/golden_latent.py.
Deno.test("latentCache() keeps what DeepSeek's code keeps: the normalized latent, then the rotated key", () => {
  const layer = {
    ...golden.dimensions,
    queries: Matrix.from(golden.queries),
    down: Matrix.from(golden.down),
    up: Matrix.from(golden.up),
    output: Matrix.from(golden.output),
  };
  assertClose(latentCache(layer, Matrix.from(golden.x)), Matrix.from(golden.cache), 1e-5);
});

Deno.test("latentCache() of a prompt is that of its beginning and, from there, of its rest", () => {
  const layer = randomLatentAttention(small, seeded(1));
  const x = randomMatrix(6, 8, 2);
  const rows = x.toRows();
  const whole = latentCache(layer, x).toRows();
  const parts = [
    ...latentCache(layer, Matrix.from(rows.slice(0, 4))).toRows(),
    ...latentCache(layer, Matrix.from(rows.slice(4)), 4).toRows(),
  ];
  assertEquals(parts, whole);
});

Deno.test("latentCache() keeps as many values of a token as the operator table counts: 576 in DeepSeek-V2", () => {
  const { attention } = findModel("deepseek-v2").layers[0]!;
  if (attention.kind !== "latent") throw new Error("DeepSeek-V2 has latent attention");
  const { keyValueRank, rotaryDimension } = attention;
  // The hidden size and the heads do not matter to the cache, so they are made small.
  const layer = randomLatentAttention({ ...small, keyValueRank, rotaryDimension }, seeded(1));
  const cache = latentCache(layer, randomMatrix(1, 8, 2));
  assertEquals(cache.columns, cachedValues(attention));
  assertEquals(cache.columns, 576);
});

Deno.test("randomLatentAttention() asks for whole widths from 1", () => {
  assertThrows(
    () => randomLatentAttention({ ...small, keyValueRank: 0 }, seeded(1)),
    RangeError,
    "keyValueRank",
  );
});
