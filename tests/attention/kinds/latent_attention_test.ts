import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  absorbedLatentAttention,
  expandedLatentAttention,
  latentCache,
  randomLatentAttention,
  rotateRows,
} from "@fewer-bytes/attention";
import { Matrix, seeded, singularValues } from "@fewer-bytes/numeric";
import golden from "./fixtures/golden_latent.json" with { type: "json" };
import { assertClose, randomMatrix } from "./support.ts";

// Made with the inference code that DeepSeek published: see fixtures/golden_latent.py.
Deno.test("both forms compute what DeepSeek's code does in its naive and in its absorbed form", () => {
  const layer = {
    ...golden.dimensions,
    queries: Matrix.from(golden.queries),
    down: Matrix.from(golden.down),
    up: Matrix.from(golden.up),
    output: Matrix.from(golden.output),
  };
  const x = Matrix.from(golden.x);
  const cache = latentCache(layer, x);
  assertClose(expandedLatentAttention(layer, x, cache), Matrix.from(golden.naive), 1e-5);
  assertClose(absorbedLatentAttention(layer, x, cache), Matrix.from(golden.absorb), 1e-5);
});

Deno.test("the absorbed form is the expanded one, for all shapes, whole prompts and single tokens", () => {
  const width = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(
      fc.tuple(width, width, width, width, width, width),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 4 }),
      fc.nat(1e6),
      ([hiddenSize, heads, keyValueRank, half, keyDimension, valueDimension], fresh, old, seed) => {
        const rotaryDimension = 2 * half;
        const layer = randomLatentAttention({
          hiddenSize,
          heads,
          keyValueRank,
          rotaryDimension,
          keyDimension,
          valueDimension,
        }, seeded(seed));
        const all = randomMatrix(old + fresh, hiddenSize, seed + 1);
        const cache = latentCache(layer, all);
        const x = Matrix.from(all.toRows().slice(old));
        assertClose(
          absorbedLatentAttention(layer, x, cache),
          expandedLatentAttention(layer, x, cache),
        );
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("decoding token by token gives what the whole prompt gives", () => {
  const dimensions = {
    hiddenSize: 8,
    heads: 2,
    keyValueRank: 4,
    rotaryDimension: 2,
    keyDimension: 3,
    valueDimension: 5,
  };
  const layer = randomLatentAttention(dimensions, seeded(3));
  const x = randomMatrix(5, 8, 4);
  const cache = latentCache(layer, x);
  const whole = expandedLatentAttention(layer, x, cache).toRows();
  x.toRows().forEach((row, token) => {
    const sofar = Matrix.from(cache.toRows().slice(0, token + 1));
    const one = absorbedLatentAttention(layer, Matrix.from([row]), sofar);
    assertClose(one, Matrix.from([whole[token]!]));
  });
});

Deno.test("keys from a latent have the rank of the latent, and lose it when each is turned to its position", () => {
  const rank = 3, tokens = 24, width = 16;
  const keys = randomMatrix(tokens, rank, 1).multiply(randomMatrix(rank, width, 2));
  const ranks = (matrix: Matrix) => singularValues(matrix).values.filter((s) => s > 1e-6).length;
  assertEquals(ranks(keys), rank);
  // Each position turns by angles of its own, so no few directions hold the turned keys.
  assert(ranks(rotateRows(keys)) > 4 * rank);
});
