import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { stateBytes, stateSpaceOperators, stateSpaceParameters } from "@fewer-bytes/attention";
import { arithmeticIntensity, sumOperators } from "@fewer-bytes/transformer";

const layers = {
  mamba: { hiddenSize: 96, innerSize: 192, stateSize: 16, convolution: 4, stepRank: 6 },
  mamba2: { hiddenSize: 96, innerSize: 192, stateSize: 32, convolution: 4, heads: 12 },
};
const decode = (batch: number, context: number) =>
  ({ phase: "decode", batch, newTokens: 1, context }) as const;

Deno.test("a step reads every weight of the layers once, whatever the batch", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 9 }), (batch, count) => {
      for (const [name, layer] of Object.entries(layers)) {
        const { bytes } = sumOperators(stateSpaceOperators(layer, count, decode(batch, 0)));
        // The norm inside Mamba-2 is fused and left out of the rows.
        const norm = name === "mamba2" ? layer.innerSize : 0;
        assertEquals(bytes.weights, 2 * count * (stateSpaceParameters(layer) - norm));
      }
    }),
  );
});

Deno.test("a decode step reads and writes each sequence's state once, at any context", () => {
  for (const layer of Object.values(layers)) {
    for (const context of [0, 1000, 1e6]) {
      const { bytes } = sumOperators(stateSpaceOperators(layer, 3, decode(5, context)));
      assertEquals(bytes.cache, 3 * 5 * 2 * stateBytes(layer));
    }
  }
});

Deno.test("operations grow with the tokens and not with their square", () => {
  const flops = (newTokens: number) =>
    sumOperators(
      stateSpaceOperators(layers.mamba, 1, { phase: "prefill", batch: 1, newTokens, context: 0 }),
    ).flops;
  assertEquals(flops(4096), 4096 * flops(1));
});

Deno.test("the scan of Mamba has so few operations for each byte that it waits for memory", () => {
  const scan = stateSpaceOperators(layers.mamba, 1, decode(64, 0)).find(({ name }) =>
    name === "selective scan"
  )!;
  // Six operations for a state that is read and written in two bytes each.
  assert(arithmeticIntensity(scan) < 6 / 4);
  const long = { phase: "prefill", batch: 1, newTokens: 100_000, context: 0 } as const;
  const prefill = stateSpaceOperators(layers.mamba, 1, long).find(({ name }) =>
    name === "selective scan"
  )!;
  // In a prompt the states stay on the chip: 6 x 16 operations for four channel values and a sixth of what is shared.
  assertAlmostEquals(arithmeticIntensity(prefill), 6 * 16 / (2 * (4 + 32 / 192)), 0.01);
});
