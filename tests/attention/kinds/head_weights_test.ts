import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { headWeights } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { randomMatrix } from "./support.ts";

Deno.test("headWeights() gives each query a share of 1, and none to keys that it does not see", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 1, max: 9 }),
    fc.boolean(),
    (count, cached, window, causal) => {
      const weights = headWeights(randomMatrix(count, 4, 1), randomMatrix(count + cached, 4, 2), {
        causal,
        window,
      });
      weights.toRows().forEach((shares, query) => {
        assertAlmostEquals(shares.reduce((sum, share) => sum + share, 0), 1, 1e-12);
        shares.forEach((share, key) => {
          const distance = query + cached - key;
          const seen = Math.abs(distance) < window && (!causal || distance >= 0);
          assertEquals(share > 0, seen, `query ${query}, key ${key}`);
        });
      });
    },
  ));
});

Deno.test("headWeights() is the softmax of the scaled products", () => {
  const weights = headWeights(
    Matrix.from([[2, 0, 0, 0]]),
    Matrix.from([[1, 0, 0, 0], [0, 1, 0, 0]]),
  );
  assertAlmostEquals(weights.get(0, 0), Math.E / (Math.E + 1), 1e-15); // scores 2 / √4 = 1 and 0
});

Deno.test("headWeights() gives a query that sees nothing zeros and no NaN", () => {
  const weights = headWeights(Matrix.from([[1]]), Matrix.from([[1], [2]]), { mask: () => false });
  assertEquals(weights.toRows(), [[0, 0]]);
});

Deno.test("headWeights() survives scores beyond the range of the exponential", () => {
  const weights = headWeights(Matrix.from([[1000]]), Matrix.from([[1000], [999]]), { scale: 1 });
  assertEquals(weights.toRows(), [[1, 0]]);
});

Deno.test("headWeights() asks for equal widths and a window of whole tokens", () => {
  assertThrows(() => headWeights(Matrix.from([[1]]), Matrix.from([[1, 2]])), TypeError, "1 and 2");
  const one = Matrix.from([[1]]);
  assertThrows(() => headWeights(one, one, { window: 0 }), RangeError, "window");
  assertThrows(() => headWeights(one, one, { window: NaN }), RangeError, "window");
});
