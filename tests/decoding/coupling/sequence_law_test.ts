import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { sequenceLaw, speculativeLaw } from "@fewer-bytes/decoding";
import fc from "fast-check";
import { chains } from "../support.ts";

Deno.test("sequenceLaw() is the product of conditional chances", () => {
  fc.assert(fc.property(chains(3), (target) => {
    const law = sequenceLaw(target, 3);
    for (const a of [0, 1, 2]) {
      for (const b of [0, 1, 2]) {
        for (const c of [0, 1, 2]) {
          const chance = target([])[a]! * target([a])[b]! * target([a, b])[c]!;
          assertAlmostEquals(law[(a * 3 + b) * 3 + c]!, chance, 1e-12);
        }
      }
    }
  }));
});

Deno.test("speculative decoding is lossless: texts of several rounds have exactly the target's chances", () => {
  fc.assert(
    fc.property(chains(3), chains(3), fc.nat(3), (target, draft, draftLength) => {
      const plain = sequenceLaw(target, 4);
      const law = speculativeLaw({ target, draft, draftLength }, 4);
      assertEquals(law.length, 81);
      law.forEach((chance, text) => assertAlmostEquals(chance, plain[text]!, 1e-12));
    }),
    { numRuns: 50 },
  );
});

Deno.test("sequenceLaw() wants a length", () => {
  assertThrows(() => sequenceLaw(() => [1], 0), RangeError, "the length");
});
