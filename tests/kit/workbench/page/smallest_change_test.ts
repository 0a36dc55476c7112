import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { smallestChange } from "../../../../kit/workbench/page/smallest_change.ts";

Deno.test("smallestChange() leaves what both texts begin and end with", () => {
  assertEquals(smallestChange("return NaN;", "return 42;"), { from: 7, to: 10, insert: "42" });
  assertEquals(smallestChange("aa", "aaa"), { from: 2, to: 2, insert: "a" });
  assertEquals(smallestChange("same", "same"), undefined);
});

Deno.test("smallestChange() makes the one text the other", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 8 });
  fc.assert(fc.property(text, text, (before, after) => {
    const { from, to, insert } = smallestChange(before, after) ?? { from: 0, to: 0, insert: "" };
    assertEquals(before.slice(0, from) + insert + before.slice(to), after);
  }));
});
