import { assertAlmostEquals, assertEquals } from "@std/assert";
import { findModel, modelNames } from "@fewer-bytes/catalog";
import { denseTwin } from "@fewer-bytes/experts";
import { operators, parameters, sumOperators } from "@fewer-bytes/transformer";

const mixtures = modelNames.map(findModel)
  .filter(({ layers }) => layers.some(({ feedForward }) => feedForward.kind === "experts"));

Deno.test("twins of all mixtures of the catalog have their active and their total parameters", () => {
  assertEquals(mixtures.length >= 9, true);
  for (const model of mixtures) {
    const { active, total } = parameters(model);
    assertEquals(parameters(denseTwin(model, "active")).total, active);
    assertEquals(parameters(denseTwin(model, "total")).total, total);
  }
});

Deno.test("one token reads of a mixture what it reads of its active twin", () => {
  const step = { phase: "decode", batch: 1, newTokens: 1, context: 100 } as const;
  for (const model of mixtures) {
    const [mixture, twin] = [model, denseTwin(model, "active")]
      .map((one) => sumOperators(operators(one, step)).bytes);
    assertAlmostEquals(mixture!.weights / twin!.weights, 1, 1e-9);
    assertEquals(mixture!.cache, twin!.cache);
  }
});

Deno.test("the twin of a dense model is itself, but for its name", () => {
  const model = findModel("qwen3-8b");
  assertEquals({ ...denseTwin(model, "total"), name: model.name }, model);
});
