import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  activationBytes,
  layerChain,
  optimalSchedule,
  replay,
  trainingStep,
  uniformChain,
} from "@fewer-bytes/training";

const work = {
  model: findModel("llama-2-7b"),
  hardware: findHardware("nvidia-a100-sxm-80gb"),
  batch: { sequences: 1, tokens: 4096 },
} as const;
const chain = layerChain(work);

Deno.test("the layers of a chain are the model's: times without embedding and head, and all that is kept", () => {
  const { forward, recomputed, backward } = trainingStep(work);
  const inside = [...forward.operators, ...recomputed.operators, ...backward.operators]
    .filter(({ operator }) => !/^(embedding|final norm|head)/.test(operator.name))
    .reduce((sum, { seconds }) => sum + seconds, 0);
  const all = chain.reduce((sum, stage) => sum + stage.forward + stage.backward, 0);
  assertAlmostEquals(all, inside, 1e-9);
  const ends = 2 * 2 * 4096 * 4096 + 4 * 4096 * 32_000;
  const kept = activationBytes(work.model, work.batch).kept - ends;
  assertAlmostEquals(chain.reduce((sum, { tape = 0 }) => sum + tape, 0), kept, 1);
});

Deno.test("half the memory of a real model costs a few percent, not a third", () => {
  const all = chain.reduce((sum, { tape = 0 }) => sum + tape, 0);
  const time = (budget: number) => {
    const { operations } = optimalSchedule(chain, budget, budget / 200)!;
    return replay(chain, operations).seconds;
  };
  const slower = time(all / 2) / chain.reduce((sum, s) => sum + s.forward + s.backward, 0);
  assert(slower > 1 && slower < 1.2);
});

Deno.test("groups of layers follow each other", () => {
  const gemma = findModel("gemma-2-2b");
  const layers = layerChain({ ...work, model: gemma, batch: { sequences: 1, tokens: 8192 } });
  assertEquals(layers.length, 26);
  assert(new Set(layers.map(({ forward }) => forward)).size === 2); // windowed layers and others
  assertEquals(uniformChain(26).length, layers.length);
});
