import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { attentionVariants, manifests, variantCacheBytes } from "@fewer-bytes/lm";

const named = (name: string) => attentionVariants.find((variant) => variant.name === name)!;

Deno.test("the variants of attention have 540,000 parameters but for half a percent, and saw the same tokens", () => {
  for (const { parameters, name } of attentionVariants) {
    assertLess(Math.abs(parameters / 540_000 - 1), 0.005, name);
  }
  assertEquals(new Set(attentionVariants.map(({ tokensSeen }) => tokensSeen)).size, 1);
});

Deno.test("variantCacheBytes() counts values times layers times tokens, and no more than a window", () => {
  const bytes = (name: string, tokens: number) => variantCacheBytes(named(name), tokens);
  assertEquals(bytes("MHA", 1000), 2 * 4 * 32 * 3 * 1000 * 2);
  assertEquals(bytes("MQA", 1000), bytes("MHA", 1000) / 4);
  assertEquals(bytes("MLA", 1000), (32 + 16) * 3 * 1000 * 2);
  assertEquals(bytes("sliding window", 1000), bytes("MHA", 64));
  assertEquals(bytes("local and global", 1000), (2 * bytes("MHA", 64) + bytes("MHA", 1000)) / 3);
  assertThrows(() => variantCacheBytes(named("MHA"), -1), RangeError, "Cannot size a cache");
});

Deno.test("no variant beats the author of the stories, and one that sees 64 tokens recalls nothing from beyond 512", () => {
  for (const { loss, name } of attentionVariants) assert(loss > manifests.target.floor, name);
  assertLess(named("sliding window").recall["1024"]![1]!, 0.5);
});
