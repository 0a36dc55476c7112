import { assertEquals, assertThrows } from "@std/assert";
import { agreedPrefix, blockwisePasses } from "@fewer-bytes/decoding";
import fc from "fast-check";

Deno.test("agreedPrefix() counts up to the first difference", () => {
  const tokens = fc.array(fc.nat(2), { maxLength: 8 });
  fc.assert(fc.property(tokens, tokens, (a, b) => {
    const agreed = agreedPrefix(a, b);
    assertEquals(a.slice(0, agreed), b.slice(0, agreed));
    if (agreed < Math.min(a.length, b.length)) assertEquals(a[agreed] === b[agreed], false);
  }));
});

Deno.test("blockwisePasses() without drafts is one pass a token, and one to begin", () => {
  assertEquals(blockwisePasses(50, { blockSize: 1 }), 51);
  assertEquals(blockwisePasses(50, { blockSize: 1, combined: false }), 100);
  assertThrows(() => blockwisePasses(50, { blockSize: 0.5 }), RangeError, "current value is 0.5");
  assertThrows(() => blockwisePasses(0, { blockSize: 2 }), RangeError, "the length");
});
