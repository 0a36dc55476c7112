import { assertEquals } from "@std/assert";
import {
  hybridOperators,
  hybridParameters,
  stateSpaceModels,
  stateSpaceOperators,
  withStateSpace,
} from "@fewer-bytes/attention";
import { halfPrecision, sumOperators } from "@fewer-bytes/transformer";
import { model, stateSpace, step } from "./hybrid_example.ts";

Deno.test("the table of a hybrid reads each parameter once, but for the rows of the embedding that are not looked up", () => {
  for (const hybrid of [withStateSpace(model, 8, stateSpace), stateSpaceModels["mamba-790m"]]) {
    const { bytes } = sumOperators(hybridOperators(hybrid, step));
    const { vocabularySize, hiddenSize, tiedEmbeddings } = hybrid.transformer;
    const lookedUp = (tiedEmbeddings ? 0 : vocabularySize * hiddenSize) - 2 * hiddenSize;
    assertEquals(bytes.weights, 2 * (hybridParameters(hybrid).total - lookedUp));
  }
});

Deno.test("in the table of a hybrid, attention and feed-forward parts stand as often as there are layers of them", () => {
  const rows = hybridOperators(withStateSpace(model, 8, stateSpace), step);
  const layers = (name: string) =>
    rows.filter((row) => row.name === name).reduce((sum, row) => sum + row.layers, 0);
  const names = ["attention", "selective scan", "feed-forward up", "norms", "head", "embedding"];
  assertEquals(names.map(layers), [4, 28, 32, 32, 1, 1]);
  // A decode step of Jamba passes 12 dense and 4 dense feed-forward parts, and 16 with experts.
  const jamba = hybridOperators(stateSpaceModels["jamba-v0.1"], step);
  const experts = jamba.filter(({ name }) => name === "experts");
  assertEquals(experts.map((row) => row.layers), [16]);
});

Deno.test("a Mamba has no rows but embedding, states, norms and head", () => {
  const mamba = stateSpaceModels["mamba-790m"];
  const [{ stateSpace, count }] = mamba.recurrent as [(typeof mamba.recurrent)[number]];
  const own = stateSpaceOperators(stateSpace, count, step, halfPrecision).map(({ name }) => name);
  assertEquals(
    hybridOperators(mamba, step).map(({ name }) => name),
    ["embedding", ...own, "norms", "final norm", "head"],
  );
});
