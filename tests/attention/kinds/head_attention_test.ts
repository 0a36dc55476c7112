import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { headAttention, plainAttention } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import golden from "./fixtures/golden_heads.json" with { type: "json" };
import { assertClose, randomMatrix } from "./support.ts";

// Made with PyTorch's scaled_dot_product_attention: see fixtures/golden_heads.py.
Deno.test("headAttention() computes what PyTorch does, multi-head, grouped and multi-query, causal and not", () => {
  for (const { queries, keys, values, output, ...options } of golden) {
    const seen = headAttention(
      Matrix.from(queries),
      Matrix.from(keys),
      Matrix.from(values),
      options,
    );
    assertClose(seen, Matrix.from(output), 1e-6);
  }
});

/** The formula pair by pair, for one head. */
function bruteForce(q: Matrix, k: Matrix, v: Matrix, window: number): number[][] {
  return q.toRows().map((query, i) => {
    const position = i + k.rows - q.rows;
    const shares = k.toRows().map((key, j) =>
      j > position || j <= position - window
        ? 0
        : Math.exp(query.reduce((sum, x, n) => sum + x * key[n]!, 0) / Math.sqrt(query.length))
    );
    const sum = shares.reduce((a, b) => a + b);
    return Array.from(
      { length: v.columns },
      (_, n) => shares.reduce((total, share, j) => total + share * v.get(j, n), 0) / sum,
    );
  });
}

Deno.test("headAttention() with a window computes what the formula says pair by pair, also for late queries", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 1, max: 12 }),
    (count, cached, window) => {
      const [q, k, v] = [
        randomMatrix(count, 4, 1),
        randomMatrix(count + cached, 4, 2),
        randomMatrix(count + cached, 3, 3),
      ];
      assertClose(headAttention(q, k, v, { window }), Matrix.from(bruteForce(q, k, v, window)));
    },
  ));
});

Deno.test("headAttention() of one head is plainAttention()", () => {
  const [queries, keys, values] = [4, 6, 6].map((rows, i) => randomMatrix(rows, 4, i));
  for (const causal of [true, false]) {
    assertClose(
      headAttention(queries!, keys!, values!, { causal }),
      plainAttention({ queries: queries!, keys: keys!, values: values! }, { causal }),
    );
  }
});

Deno.test("headAttention() with grouped heads is multi-head attention over keys and values written out for each query", () => {
  const [q, k, v] = [randomMatrix(5, 8, 1), randomMatrix(5, 4, 2), randomMatrix(5, 4, 3)];
  const repeat = (matrix: Matrix) =>
    Matrix.from(matrix.toRows().map(([a, b, c, d]) => [a!, b!, a!, b!, c!, d!, c!, d!]));
  assertClose(
    headAttention(q, k, v, { queryHeads: 4, keyValueHeads: 2 }),
    headAttention(q, repeat(k), repeat(v), { queryHeads: 4 }),
  );
});

Deno.test("headAttention() with a causal mask is causal attention", () => {
  const x = randomMatrix(5, 4, 7);
  const mask = (query: number, key: number) => key <= query;
  assertClose(headAttention(x, x, x, { causal: false, mask }), headAttention(x, x, x));
});

Deno.test("headAttention() does not let a token see what comes later", () => {
  const x = randomMatrix(6, 4, 8), changed = x.clone();
  changed.row(5).fill(9);
  const [before, after] = [x, changed].map((rows) => headAttention(rows, rows, rows).toRows());
  assertEquals(after!.slice(0, 5), before!.slice(0, 5));
});

Deno.test("headAttention() asks for heads that divide, and a value for each key", () => {
  const x = randomMatrix(2, 4, 1);
  assertThrows(() => headAttention(x, x, x, { queryHeads: 3 }), TypeError, "3 and 3 heads");
  assertThrows(() => headAttention(x, x, x, { queryHeads: 2, keyValueHeads: 4 }), TypeError);
  assertThrows(() => headAttention(x, x, randomMatrix(3, 4, 1)), TypeError, "3 x 4");
  assertThrows(() => headAttention(x, x, x, { queryHeads: 0 }), RangeError, "queryHeads");
});
