import { assertEquals } from "@std/assert";
import { StepLoad } from "@fewer-bytes/serving";

Deno.test("StepLoad sums what sequences see, in each window", () => {
  const load = new StepLoad([Infinity, 8]);
  load.decode(3);
  load.decode(100);
  load.decode(5, false);
  assertEquals([...load.decodeKeys], [4 + 101 + 6, 4 + 8 + 6]);
  assertEquals([...load.growing], [2, 1]);
  load.prefill(3, 2, true);
  assertEquals([...load.promptPairs], [3 + 4 + 5, 3 + 4 + 5]);
  assertEquals([...load.promptKeys], [5, 5]);
  assertEquals([load.decodes, load.promptTokens, load.predictions], [3, 3, 1]);
  load.share = 0.5;
  load.clear();
  assertEquals(load, new StepLoad([Infinity, 8]));
});
