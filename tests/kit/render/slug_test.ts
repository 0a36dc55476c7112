import { assertEquals } from "@std/assert";
import { createSlugs, slug } from "../../../kit/render/slug.ts";

Deno.test("slug() keeps letters and digits of any language and drops accents and marks", () => {
  assertEquals(slug("What moves, per step?"), "what-moves-per-step");
  assertEquals(slug("KV cache: 2·L·h"), "kv-cache-2-l-h");
  assertEquals(slug("¿?"), "section");
});

Deno.test("createSlugs() never gives the same slug twice", () => {
  const next = createSlugs();
  assertEquals([next("a"), next("a"), next("a 2"), next("a")], ["a", "a-2", "a-2-2", "a-3"]);
});
