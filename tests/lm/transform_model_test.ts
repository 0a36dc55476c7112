import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { transformModel } from "@fewer-bytes/lm";
import { tinyModel } from "./runtime/tiny.ts";
import { tinyLatentModel } from "./runtime/tiny_latent.ts";

Deno.test("transformModel() changes the seven matrices of each layer as loading with the transform does, and no table", () => {
  const names: string[] = [];
  const double = ({ data }: { data: Float32Array<ArrayBuffer> }) => data.map((value) => 2 * value);
  const changed = transformModel(tinyModel(), (weight) => {
    names.push(weight.name);
    return double(weight);
  });
  assertEquals(new Set(names).size, 3 * 7);
  assertEquals(changed.layers, tinyModel(double).layers);
  assertEquals(changed.embedding, tinyModel().embedding);
});

Deno.test("transformModel() leaves the old model as it was, and shares its norms, table and head", () => {
  const model = tinyModel();
  const changed = transformModel(model, ({ data }) => data.map(() => 0));
  assertEquals(model, tinyModel());
  assertStrictEquals(changed.head, model.head);
  assertStrictEquals(changed.layers[1]!.attentionNorm, model.layers[1]!.attentionNorm);
});

Deno.test("transformModel() refuses another number of values, and names the matrix", () => {
  assertThrows(
    () => transformModel(tinyModel(), () => new Float32Array(3)),
    TypeError,
    "model.layers.0.self_attn.q_proj.weight",
  );
});

Deno.test("transformModel() changes the three matrices more that a layer with latents has", () => {
  const names: string[] = [];
  const double = ({ data }: { data: Float32Array<ArrayBuffer> }) => data.map((value) => 2 * value);
  const changed = transformModel(tinyLatentModel(), (weight) => {
    names.push(weight.name);
    return double(weight);
  });
  assertEquals(new Set(names).size, 3 * 10);
  assertEquals(changed.layers, tinyLatentModel(double).layers);
});
