import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { pageBounds, pageUpperBounds } from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import fc from "fast-check";
import { randomMatrix } from "./support.ts";

Deno.test("no key of a page scores more than the page's bound, and a page of one key exactly that", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 }), (n, pageSize) => {
      const [keys, query] = [randomMatrix(n, 4, n), randomMatrix(1, 4, 99).row(0)];
      const bounds = pageUpperBounds(query, pageBounds(keys, pageSize));
      for (let token = 0; token < n; token++) {
        const score = keys.row(token).reduce((sum, value, x) => sum + value * query[x]!, 0);
        const bound = bounds[Math.floor(token / pageSize)]!;
        assert(score <= bound + 1e-12);
        if (pageSize === 1) assertAlmostEquals(score, bound, 1e-12);
      }
    }),
  );
});

Deno.test("pages of no token and queries of another width are refused", () => {
  assertThrows(() => pageBounds(Matrix.zeros(2, 2), 0), RangeError, "pageSize");
  assertThrows(() => pageUpperBounds([1], pageBounds(Matrix.zeros(2, 2), 1)), TypeError, "1 and 2");
});
