import { assertEquals, assertThrows } from "@std/assert";
import { requireAllTokens, unionSizes } from "@fewer-bytes/attention";
import { heads } from "./runtime.ts";

Deno.test("unionSizes() counts a token once for each group that wants it", () => {
  const lists = [[0, 1], [1, 2], [5], [5]].map((list) => Uint32Array.from(list));
  assertEquals(unionSizes(lists, heads), [3, 1]);
  const same = Uint32Array.of(3, 4);
  assertEquals(unionSizes([same, same, same, Uint32Array.of()], heads), [2, 2]);
});

Deno.test("requireAllTokens() refuses a cache that holds other tokens than were heard of", () => {
  requireAllTokens(3, 3);
  assertThrows(
    () => requireAllTokens(2, 3),
    RangeError,
    "must keep all 3 tokens: current number is 2",
  );
  assertThrows(() => requireAllTokens(1, undefined), RangeError, "must keep all 0 tokens");
});
