import { assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { parameters } from "@fewer-bytes/transformer";
import { neuronBytes } from "@fewer-bytes/offload";

Deno.test("neuronBytes() of a bundle is 32 KiB for OPT-6.7B in 32 bits (LLM in a flash, 4.1)", () => {
  assertEquals(neuronBytes(findModel("opt-6.7b"), "fp32").bundled, 32 * 1024);
});

Deno.test("neuronBytes() of all neurons are the network's weights, but for biases", () => {
  for (const name of ["opt-6.7b", "llama-2-7b", "mistral-7b-v0.1"]) {
    const model = findModel(name);
    const network = model.layers[0]!.feedForward;
    const all = model.layers.reduce((sum, { count }) => sum + count, 0) *
      network.intermediateSize * neuronBytes(model, "fp16").bundled;
    const share = all / (2 * parameters(model).feedForward);
    assertEquals(Math.round(share * 1000), 1000);
  }
});

Deno.test("neuronBytes() refuses models whose layers have gates and have none", () => {
  const model = findModel("opt-6.7b");
  const gated = findModel("llama-2-7b").layers[0]!;
  assertThrows(
    () => neuronBytes({ ...model, layers: [...model.layers, gated] }, "fp16"),
    RangeError,
    "there are both",
  );
});
