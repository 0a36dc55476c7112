import { assertEquals } from "@std/assert";
import { denseCache, expectedWork, forward, WorkLog } from "@fewer-bytes/lm";
import { type Formats, operators, type Step } from "@fewer-bytes/transformer";
import { tinyModel } from "./tiny.ts";

const model = tinyModel();
const formats: Formats = { weights: "fp32", cache: "fp32", activations: "fp32" };
const names = [
  "embedding",
  "queries, keys, values",
  "attention",
  "attention output",
  "feed-forward up",
  "feed-forward down",
  "head",
];

/** Runs a step and gives what it did next to what the operator table says. */
function compare(step: Step) {
  const log = new WorkLog();
  const sequences = Array.from(
    { length: step.batch },
    () => ({ tokens: new Array(step.newTokens).fill(5), cache: denseCache(model) }),
  );
  if (step.context > 0) {
    forward(
      model,
      sequences.map(({ cache }) => ({ tokens: new Array(step.context).fill(3), cache })),
    );
  }
  forward(model, sequences, {
    trace: log.trace,
    logits: step.phase === "prefill" ? "last" : "all",
  });
  const table = operators(model.shape, step, { formats });
  return names.map((name) => ({ name, did: log.of(name)!, says: expectedWork(table, name) }));
}

for (const batch of [1, 3]) {
  Deno.test(`a decode step of ${batch} does and moves what the operator table says, to the byte`, () => {
    for (
      const { name, did, says } of compare({ phase: "decode", batch, newTokens: 1, context: 17 })
    ) {
      assertEquals(did, says, name);
    }
  });

  Deno.test(`a prefill of ${batch} computes what the operator table says; its cache is read token by token`, () => {
    for (
      const { name, did, says } of compare({ phase: "prefill", batch, newTokens: 9, context: 0 })
    ) {
      // Each token of this runtime reads its keys anew, which a tiled kernel does not: 1 + 2 + … + 9 reads, not 9.
      const width = 2 * 8 * 4 * 3 * batch;
      const cache = name === "attention" ? says.cache + (45 - 9) * width : says.cache;
      assertEquals(did, { ...says, cache }, name);
    }
  });
}
