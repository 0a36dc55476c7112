import { denseCache, forward, loadModel } from "@fewer-bytes/lm";

for (const name of ["target", "draft"] as const) {
  const model = await loadModel(name);
  const cache = denseCache(model);
  forward(model, [{ tokens: new Array(64).fill(5), cache }]);
  // The cache grows from 64 tokens on; one iteration is one token of one sequence.
  Deno.bench(`${name} model, one token`, () => {
    forward(model, [{ tokens: [7], cache }]);
  });
}
