import { assertEquals, assertThrows } from "@std/assert";
import { assembleModel, denseCache, forward } from "@fewer-bytes/lm";
import { tinyConfig, tinyModel, tinyTensors } from "./tiny.ts";

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
