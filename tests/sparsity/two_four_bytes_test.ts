import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { twoFourBytesPerValue, twoFourShare } from "@fewer-bytes/sparsity";

Deno.test("twoFourShare() is 9/16 at 16 bits, 5/8 at 8 and 3/4 at 4: never the half that is pruned", () => {
  assertEquals(
    ["bf16", "fp16", "fp8", "int8", "int4"].map((name) => twoFourShare(name as "bf16")),
    [
      9 / 16,
      9 / 16,
      5 / 8,
      5 / 8,
      3 / 4,
    ],
  );
});

Deno.test("twoFourShare() agrees with Mishra et al.: 44 % saved at 16 bits, 38 % at 8", () => {
  assertAlmostEquals(1 - twoFourShare("fp16"), 0.44, 0.005);
  assertAlmostEquals(1 - twoFourShare("int8"), 0.38, 0.006);
});

Deno.test("twoFourShare() is 5/8 at 4 bits when pairs of values share an index", () => {
  assertEquals(twoFourShare("int4", 2), 5 / 8);
});

Deno.test("twoFourBytesPerValue() leaves scales and zero points as many as they were", () => {
  const grouped = { format: "int4", groupSize: 32, scaleBits: 16, zeroPointBits: 4 } as const;
  assertEquals(8 * twoFourBytesPerValue(grouped), 4 / 2 + 1 + 20 / 32);
});

Deno.test("twoFourBytesPerValue() refuses an index for no values", () => {
  assertThrows(() => twoFourBytesPerValue("bf16", 0), RangeError, "valuesPerIndex");
});
