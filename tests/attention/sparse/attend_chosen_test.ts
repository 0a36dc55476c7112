import { assertEquals, assertThrows } from "@std/assert";
import { attendChosen, plainAttention, tokensOfBlocks } from "@fewer-bytes/attention";
import fc from "fast-check";
import { assertClose, maskedAttention, randomAttention } from "./support.ts";

Deno.test("attendChosen() is softmax under the mask of what each query chose", () => {
  const property = fc.property(
    fc.array(fc.uniqueArray(fc.nat(8)), { minLength: 1, maxLength: 6 }),
    (chosen) => {
      const inputs = randomAttention(chosen.length, 9);
      const expected = maskedAttention(inputs, (query, key) => chosen[query]!.includes(key));
      assertClose(attendChosen(inputs, chosen), expected, 1e-10);
    },
  );
  fc.assert(property);
});

Deno.test("everything chosen is dense attention, nothing chosen gives zeros", () => {
  const inputs = randomAttention(3, 5);
  assertClose(attendChosen(inputs, Array(3).fill([0, 1, 2, 3, 4])), plainAttention(inputs), 1e-12);
  assertEquals([...attendChosen(inputs, [[], [], []]).data], Array(9).fill(0));
});

Deno.test("tokensOfBlocks() lists tokens in order and stops at the end", () => {
  assertEquals([...tokensOfBlocks([0, 2], 3, 8)], [0, 1, 2, 6, 7]);
  assertEquals([...tokensOfBlocks([2], 3, 5)], []);
});

Deno.test("lists that do not fit are refused", () => {
  assertThrows(() => attendChosen(randomAttention(2, 3), [[0]]), TypeError, "2 queries");
  assertThrows(() => attendChosen(randomAttention(1, 3), [[3]]), RangeError, "below 3");
});
