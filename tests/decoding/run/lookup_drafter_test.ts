import { assert, assertEquals, assertThrows } from "@std/assert";
import { lookupDrafter } from "@fewer-bytes/decoding";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";

const draft = (text: number[], count: number, match?: number) =>
  lookupDrafter(10, match).draft(text, count, 1, seeded(1));

Deno.test("lookupDrafter() copies what came after the same tokens, the last time", () => {
  assertEquals(draft([1, 2, 3, 1, 2, 4, 1, 2], 1).tokens, [4]);
  assertEquals(draft([1, 2, 3, 9, 2, 1, 2], 3).tokens, [3, 9, 2]);
  assertEquals(draft([5, 5, 5], 2).tokens, [5]); // up to the end of the text
  assertEquals(draft([1, 2, 3], 2).tokens, []);
});

Deno.test("lookupDrafter() is sure of what it copies: its laws are certain of its tokens", () => {
  fc.assert(fc.property(fc.array(fc.nat(3), { maxLength: 20 }), fc.nat(4), (text, count) => {
    const { tokens, laws } = draft(text, count, 1);
    assert(tokens.length <= count && laws.length === tokens.length);
    laws.forEach((law, place) => {
      assertEquals(law[tokens[place]!], 1);
      assertEquals(law.reduce((sum, p) => sum + p, 0), 1);
    });
  }));
});

Deno.test("lookupDrafter() wants tokens to match", () => {
  assertThrows(() => lookupDrafter(10, 0), RangeError, "the match");
  assertThrows(() => lookupDrafter(0), RangeError, "the vocabulary");
});
