import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { studyCases } from "@fewer-bytes/disaggregation";
import { seeded } from "@fewer-bytes/numeric";
import { type LogNormalFit, logNormalLengths } from "@fewer-bytes/serving";

function meanOf(fit: LogNormalFit): number {
  const [random, draw] = [seeded(1), logNormalLengths(fit)];
  let sum = 0;
  for (let drawn = 0; drawn < 20_000; drawn++) sum += draw(random);
  return sum / 20_000;
}

Deno.test("studyCases have the published mean lengths, and fit OPT's 2,048 positions nearly always", () => {
  // Figure 7 of DistServe.
  for (
    const [name, prompt, output] of [
      ["chatbot 13B", 755.5, 200.3],
      ["code 66B", 171.3, 98.2],
      ["summaries 66B", 1738.3, 90.7],
    ] as const
  ) {
    assertAlmostEquals(meanOf(studyCases[name].prompt) / prompt, 1, 0.05);
    assertAlmostEquals(meanOf(studyCases[name].output) / output, 1, 0.1);
  }
  for (const { prompt } of Object.values(studyCases)) assert(prompt.maximum <= 2048);
});

Deno.test("studyCases have the objectives and servers of the paper's Table 1 and repository", () => {
  const table = Object.fromEntries(
    Object.values(studyCases).map((one) => [
      one.name,
      [one.model, one.objective.timeToFirstToken, one.objective.timePerOutputToken, one.whole],
    ]),
  );
  assertEquals(table, {
    "chatbot 13B": ["opt-13b", 0.25, 0.1, 1],
    "chatbot 66B": ["opt-66b", 2.5, 0.15, 4],
    "chatbot 66B, stricter": ["opt-66b", 0.4, 0.1, 4],
    "code 66B": ["opt-66b", 0.125, 0.2, 4],
    "summaries 66B": ["opt-66b", 15, 0.15, 4],
  });
  for (const [key, { name, model }] of Object.entries(studyCases)) {
    assertEquals(key, name);
    assertEquals(findModel(model).layers.length, 1);
  }
});
