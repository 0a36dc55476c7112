import { assertAlmostEquals, assertEquals } from "@std/assert";
import { zaya1 } from "@fewer-bytes/experts";
import { parameters } from "@fewer-bytes/transformer";

Deno.test("zaya1 has the published 8.3 and 0.76 billion parameters, without the table of tokens", () => {
  const { total, active, embedding } = parameters(zaya1);
  assertAlmostEquals((total - embedding) / 8.3e9, 1, 0.001);
  assertAlmostEquals((active - embedding) / 0.76e9, 1, 0.01);
});

Deno.test("zaya1 has the tensors of the published implementation, added up by hand", () => {
  const attention = 1024 * 2048 + 256 * 2048 + 2 * 128 * 2048 + 2048 * 1024 +
    (1280 * 2 + 1280) + (1280 * 2 * 128 + 1280) + 2;
  const router = (2048 * 256 + 256) + 2 * (256 * 256 + 256) + 256 * 17 + 256 + 256;
  const experts = 16 * (2 * 2048 * 2048 + 2048 * 2048);
  const { attention: counted, feedForward } = parameters(zaya1);
  assertEquals([counted, feedForward], [40 * attention, 40 * (router + experts)]);
});
