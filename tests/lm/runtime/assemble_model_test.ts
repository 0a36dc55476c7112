import { assertEquals, assertThrows } from "@std/assert";
import { assembleModel, denseCache, forward } from "@fewer-bytes/lm";
import { tinyConfig, tinyModel, tinyTensors } from "./tiny.ts";
import { tinyLatentConfig, tinyLatentModel, tinyLatentTensors } from "./tiny_latent.ts";

Deno.test("assembleModel() passes each matrix through the transform once, and no norm", () => {
  const seen: string[] = [];
  tinyModel(({ name, data }) => {
    seen.push(name);
    return data;
  });
  assertEquals(seen.length, 1 + 3 * 7);
  assertEquals(new Set(seen).size, seen.length);
  assertEquals(seen.some((name) => name.includes("norm")), false);
});

Deno.test("assembleModel() runs what the transform gives", () => {
  const zero = tinyModel(({ name, data }) =>
    name.includes("embed") ? data : new Float32Array(data.length)
  );
  const plain = tinyModel();
  const run = (model: typeof plain) =>
    forward(model, [{ tokens: [1, 2], cache: denseCache(model) }])[0]!;
  assertEquals(run(zero).join() === run(plain).join(), false);
  assertThrows(() => tinyModel(() => new Float32Array(3)), TypeError, "current length is 3");
});

Deno.test("assembleModel() names a missing tensor, a wrong shape, another architecture", () => {
  const tensors = tinyTensors();
  tensors.delete("model.layers.1.mlp.up_proj.weight");
  assertThrows(
    () => assembleModel(tinyConfig, tensors),
    TypeError,
    "model.layers.1.mlp.up_proj.weight is missing",
  );
  assertThrows(
    () => assembleModel({ ...tinyConfig, hidden_size: 48 }, tinyTensors()),
    TypeError,
    "must have shape",
  );
  assertThrows(
    () => assembleModel({ ...tinyConfig, model_type: "qwen3" }, tinyTensors()),
    TypeError,
    "qwen3",
  );
});

const windowedConfig = {
  ...tinyConfig,
  sliding_window: 7,
  layer_types: ["sliding_attention", "full_attention", "sliding_attention"],
};

Deno.test("assembleModel() gives each layer its window, and the shape as many windows", () => {
  const { layers, shape } = assembleModel(windowedConfig, tinyTensors());
  assertEquals(layers.map(({ window }) => window), [7, undefined, 7]);
  assertEquals(
    shape.layers.map(({ count, attention }) => [
      count,
      attention.kind === "heads" ? attention.window : "latent",
    ]),
    [[2, 7], [1, undefined]],
  );
  assertEquals(tinyModel().layers.map((layer) => "window" in layer), [false, false, false]);
});

Deno.test("assembleModel() makes latent layers, with one cached head for all query heads", () => {
  const { layers, shape, queryHeads, keyValueHeads, headDimension } = tinyLatentModel();
  assertEquals([queryHeads, keyValueHeads, headDimension], [6, 1, 10 + 2]);
  assertEquals(layers.every(({ latent }) => latent?.norm.length === 10), true);
  assertEquals(shape.layers.map(({ count, attention }) => [count, attention]), [[3, {
    kind: "latent",
    queryHeads: 6,
    keyValueRank: 10,
    rotaryDimension: 2,
    keyDimension: 4,
    valueDimension: 4,
    extraParameters: 10,
  }]]);
});

Deno.test("assembleModel() refuses latents with shared heads, with windows, and without a rotary width", () => {
  const refused = (fields: object, message: string) =>
    assertThrows(
      () => assembleModel({ ...tinyLatentConfig, ...fields }, tinyLatentTensors()),
      Error,
      message,
    );
  refused({ num_key_value_heads: 2 }, "current numbers are 2 and 6");
  const { sliding_window, layer_types } = windowedConfig;
  refused({ sliding_window, layer_types }, "with windows");
  refused({ qk_rope_head_dim: undefined }, "qk_rope_head_dim");
  refused({ qk_rope_head_dim: 4 }, "q_rope_proj.weight must have shape [24,24]");
});
