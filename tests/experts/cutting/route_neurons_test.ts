import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  balancedClusters,
  type CutLayer,
  fitRouter,
  routeNeurons,
  sampleExperts,
} from "@fewer-bytes/experts";
import { denseCache, forward, loadModel, score, writeStory } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const model = await loadModel("target");
const experts = 8;
const cut: CutLayer[] = model.layers.map(({ gate }) => ({
  owners: balancedClusters(new Matrix(gate.outputs, gate.inputs, gate.data), experts, seeded(1), 4),
  experts,
}));
const sampled = sampleExperts(model, cut);
forward(model, [{ tokens: writeStory(41, 150).tokens, cache: denseCache(model) }], sampled);
const samples = sampled.samples();
const fitted = cut.map((layer, index): CutLayer => ({
  ...layer,
  router: fitRouter(samples[index]!.inputs, samples[index]!.shares),
}));
const random = seeded(2);
const blind = cut.map((layer): CutLayer => ({
  ...layer,
  router: new Matrix(
    experts,
    model.shape.hiddenSize,
    Float64Array.from({ length: experts * model.shape.hiddenSize }, () => random.normal()),
  ),
}));
const stories = [writeStory(42, 120)];
const lossOf = (layers: readonly CutLayer[], expertsPerToken: number) =>
  score(model, stories, { multiply: routeNeurons(model, layers, { expertsPerToken }).multiply })
    .loss;

Deno.test("routeNeurons() loses little with a fitted router, less when experts are chosen by what they did, much when blindly", () => {
  const dense = score(model, stories).loss;
  const [known, guessed, drawn] = [cut, fitted, blind].map((layers) => lossOf(layers, 4));
  assert(known! - dense < 0.1 && known! < guessed!, `${dense} ${known} ${guessed} ${drawn}`);
  assert(guessed! - dense < 0.5 * (drawn! - dense), `${dense} ${known} ${guessed} ${drawn}`);
});

Deno.test("routeNeurons() tells where each token of each layer went", () => {
  const { multiply, routed } = routeNeurons(model, fitted, { expertsPerToken: 3 });
  forward(model, [{ tokens: [1, 2, 3, 4], cache: denseCache(model) }], { multiply });
  assertEquals(routed.map(({ length }) => length), model.layers.map(() => 4));
  for (const { experts: chosen } of routed.flat()) assertEquals(new Set(chosen).size, 3);
});

Deno.test("routeNeurons() closes exactly the neurons of experts that were not chosen", () => {
  // One token, one expert: the same as a model whose other neurons have no way down.
  const tokens = [7];
  const { multiply, routed } = routeNeurons(model, cut, { expertsPerToken: 1 });
  const [logits] = forward(model, [{ tokens, cache: denseCache(model) }], { multiply });
  const closed = {
    ...model,
    layers: model.layers.map((layer, index) => {
      const [working] = routed[index]![0]!.experts;
      const data = layer.down.data.map((value, i) =>
        cut[index]!.owners[i % layer.down.inputs] === working ? value : 0
      );
      return { ...layer, down: { ...layer.down, data } };
    }),
  };
  assertEquals(forward(closed, [{ tokens, cache: denseCache(closed) }])[0], logits);
});

Deno.test("routeNeurons() takes a rule for each layer", () => {
  const biased = cut.map((_, layer) => ({
    expertsPerToken: 1,
    bias: Array.from({ length: experts }, (_, expert) => expert === layer ? 9 : 0),
  }));
  const { multiply, routed } = routeNeurons(model, fitted, biased);
  forward(model, [{ tokens: [1, 2], cache: denseCache(model) }], { multiply });
  assertEquals(routed.map((tokens) => tokens.map(({ experts }) => experts[0])), [
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
  ]);
});

Deno.test("sampleExperts() measures an expert by the neurons that it has", () => {
  const { inputs, shares } = samples[0]!;
  assertEquals([inputs.columns, shares.columns, inputs.rows], [
    model.shape.hiddenSize,
    experts,
    shares.rows,
  ]);
  for (let token = 0; token < shares.rows; token += 20) {
    assertAlmostEquals(shares.row(token).reduce((a, b) => a + b, 0), 1, 1e-9);
  }
  const alone = sampleExperts(model, cut.map(({ owners }) => ({ owners, experts: experts + 1 })));
  forward(model, [{ tokens: [5], cache: denseCache(model) }], alone);
  assertEquals(alone.samples()[3]!.shares.get(0, experts), 0); // an expert without neurons does nothing
});

Deno.test("routeNeurons() refuses more experts than there are, and a cut that does not fit the model", () => {
  const { multiply } = routeNeurons(model, fitted, { expertsPerToken: experts + 1 });
  assertThrows(
    () => forward(model, [{ tokens: [1], cache: denseCache(model) }], { multiply }),
    RangeError,
    "expertsPerToken must be <= the 8 experts",
  );
  const rule = { expertsPerToken: 1 };
  assertThrows(() => routeNeurons(model, cut.slice(1), rule), TypeError, "each of its 5 layers");
  const short = cut.map((layer) => ({ ...layer, owners: [0, 1] }));
  assertThrows(() => routeNeurons(model, short, rule), TypeError, "512 neurons");
  const beyond = cut.map((layer) => ({ ...layer, experts: 4 }));
  assertThrows(() => sampleExperts(model, beyond), TypeError, "one of 4 experts");
});
