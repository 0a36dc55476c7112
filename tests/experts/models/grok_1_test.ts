import { assertAlmostEquals, assertEquals } from "@std/assert";
import { grok1 } from "@fewer-bytes/experts";
import { parameters } from "@fewer-bytes/transformer";

Deno.test("grok1 has about the published 314 billion parameters, of which a quarter of the experts work", () => {
  const { total, active } = parameters(grok1);
  assertAlmostEquals(total / 314e9, 1, 0.006);
  assertAlmostEquals(active / total, 0.25, 0.02); // the announcement says 25 %
  assertEquals(grok1.layers[0]!.feedForward.intermediateSize, 32_768); // ffn_size() of its code
});
