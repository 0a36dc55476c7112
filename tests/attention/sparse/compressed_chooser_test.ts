import { assertEquals, assertThrows } from "@std/assert";
import {
  compressedChooser,
  compressRows,
  nativeSparseAttention,
  nsaTokens,
} from "@fewer-bytes/attention";
import { Matrix } from "@fewer-bytes/numeric";
import { askAll, type Asked, heads, keysOf, queryOf } from "./runtime.ts";

const sizes = { compressedSize: 4, stride: 2, selectedSize: 4, selected: 3, window: 5 };

/** The tokens of the selected blocks and of the window, by nativeSparseAttention() over all tokens. */
function expected(all: readonly Asked[], group: number): number[][] {
  const keys = Matrix.from(keysOf(all.at(-1)!, 2 * group));
  const queries = [2 * group, 2 * group + 1].map((head) =>
    Matrix.from(all.map((asked) => [...queryOf(asked, head)]))
  );
  return nativeSparseAttention({ queries, keys, values: keys }, sizes).selected.map((
    blocks,
    query,
  ) =>
    Array.from({ length: query + 1 }, (_, token) => token)
      .filter((token) =>
        token > query - sizes.window || blocks.includes(Math.floor(token / sizes.selectedSize))
      )
  );
}

Deno.test("compressedChooser() selects the blocks that nativeSparseAttention() selects, and adds the window", () => {
  const all = askAll(compressedChooser(heads, sizes), 40);
  for (const group of [0, 1]) {
    expected(all, group).forEach((tokens, query) => {
      for (const head of [2 * group, 2 * group + 1]) {
        assertEquals([...all[query]!.chosen[head]!], tokens);
      }
    });
  }
});

Deno.test("it reads every compressed key once there is something to choose, and keeps nothing else", () => {
  const chooser = compressedChooser(heads, sizes);
  const row = 4 * 8;
  askAll(chooser, 30).forEach(({ traffic }, position) => {
    const count = position + 1;
    const { compressed } = nsaTokens(count, sizes);
    const read = count <= 12 ? 0 : compressed;
    const written = compressed > nsaTokens(count - 1, sizes).compressed ? 1 : 0;
    assertEquals(traffic, row * (read + written));
  });
  assertEquals(chooser.bytes, row * compressRows(Matrix.zeros(30, 8), sizes).rows);
});

Deno.test("sizes that the stride does not divide are refused", () => {
  assertThrows(() => compressedChooser(heads, { ...sizes, stride: 3 }), RangeError, "must divide");
});
