import { assertAlmostEquals } from "@std/assert";
import { megaScaleModels } from "@fewer-bytes/disaggregation";
import { parameters } from "@fewer-bytes/transformer";

Deno.test("megaScaleModels add up to the parameters that are published", () => {
  assertAlmostEquals(parameters(megaScaleModels.scaledMoe).total / 1e9, 317, 0.5);
  const dbrx = parameters(megaScaleModels.dbrx);
  assertAlmostEquals(dbrx.total / 1e9, 132, 0.5);
  assertAlmostEquals(dbrx.active / 1e9, 36, 0.5); // Databricks' announcement
});
