import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { denseCache, forward, type MultiplyRows, multiplyRows, type Story } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import {
  calibrate,
  hadamard,
  onlineHadamard,
  randomHadamard,
  rotateModel,
} from "@fewer-bytes/quantization";
import { statisticsOf } from "../../../lib/quantization/calibrated/calibration.ts";
import { tinyModel } from "../../lm/runtime/tiny.ts";
import { tinyLatentModel } from "../../lm/runtime/tiny_latent.ts";

/** Stories of the tiny model, which knows no language. */
const tell = (...tokens: number[]): Story => ({
  tokens: Uint16Array.from(tokens),
  surprise: new Float64Array(tokens.length),
  recalls: [],
});
const stories = [tell(3, 1, 4, 1, 5), tell(9, 2, 6)];

Deno.test("calibrate() sees what each weight matrix multiplies, in every story and for every token", () => {
  const model = tinyModel();
  const calibration = calibrate(model, stories);
  const seen = new Map<string, { rows: number; largest: number; corner: number }>();
  const multiply: MultiplyRows = (x, rows, weight, y) => {
    const entry = seen.get(weight.name) ?? { rows: 0, largest: 0, corner: 0 };
    for (let at = 0; at < rows * weight.inputs; at += weight.inputs) {
      entry.rows++;
      entry.largest = Math.max(entry.largest, Math.abs(x[at + 2]!));
      entry.corner += x[at]! * x[at + 1]!;
    }
    seen.set(weight.name, entry);
    multiplyRows(x, rows, weight, y);
  };
  for (const { tokens } of stories) {
    forward(model, [{ tokens, cache: denseCache(model) }], { multiply, logits: "all" });
  }
  assertEquals([...calibration.keys()].sort(), [...seen.keys()].sort());
  for (const [name, { rows, largest, corner }] of seen) {
    const { tokens, maxAbsolute, gram } = calibration.get(name)!;
    assertEquals([tokens, maxAbsolute[2]], [rows, largest], name);
    assertAlmostEquals(gram.get(0, 1), corner, 1e-9);
    assertEquals(gram.get(1, 0), gram.get(0, 1));
  }
});

Deno.test("calibrate() sees what a rotation on the way makes of the inputs of the down projections", () => {
  const model = tinyModel();
  const rotated = rotateModel(model, { hidden: randomHadamard(24, seeded(1)), down: true });
  const down = "model.layers.2.mlp.down_proj.weight";
  const plain = calibrate(model, stories).get(down)!.gram;
  const turned = calibrate(rotated, stories, { before: onlineHadamard }).get(down)!.gram;
  const h = hadamard(40).map((value) => value / Math.sqrt(40));
  const expected = h.transpose().multiply(plain).multiply(h);
  const size = Math.max(...plain.data);
  turned.data.forEach((value, at) => assertAlmostEquals(value, expected.data[at]!, 1e-4 * size));
});

Deno.test("calibrate() records once what queries, keys and values share, and what gate and up share", () => {
  const calibration = calibrate(tinyModel(), stories);
  const part = (name: string) => calibration.get(`model.layers.1.${name}.weight`)!;
  assertStrictEquals(part("self_attn.q_proj"), part("self_attn.k_proj"));
  assertStrictEquals(part("self_attn.q_proj"), part("self_attn.v_proj"));
  assertStrictEquals(part("mlp.gate_proj"), part("mlp.up_proj"));
  assert(part("self_attn.q_proj") !== part("mlp.gate_proj"));
  assertEquals(new Set(calibration.values()).size, 3 * 4 + 1);
});

Deno.test("calibrate() keeps a sample from all stories, and tells how far it is", () => {
  const told: number[][] = [];
  const calibration = calibrate(tinyModel(), stories, {
    sampleRows: 4,
    onStory: (...progress) => told.push(progress),
  });
  assertEquals(told, [[1, 2], [2, 2]]);
  for (const { sample, gram } of calibration.values()) {
    assertEquals([sample.rows, sample.columns], [4, gram.columns]);
  }
});

Deno.test("calibrate() refuses no stories and a broken model; a matrix that it did not see is named", () => {
  assertThrows(() => calibrate(tinyModel(), []), RangeError, "number of stories");
  const broken = tinyModel(({ name, data }) =>
    name.includes("1.mlp.up") ? data.map(() => NaN) : data
  );
  assertThrows(() => calibrate(broken, stories), RangeError, "every activation must be finite");
  const calibration = calibrate(tinyModel(), stories);
  assertThrows(
    () => statisticsOf(calibration, { name: "other", inputs: 3 }),
    RangeError,
    "quantize other",
  );
  const name = "model.layers.0.mlp.down_proj.weight";
  assertThrows(
    () => statisticsOf(calibration, { name, inputs: 3 }),
    TypeError,
    "3 inputs: current value is 40",
  );
});

Deno.test("calibrate() refuses a model whose keys and values read a latent", () => {
  assertThrows(() => calibrate(tinyLatentModel(), stories), TypeError, "reads a latent");
});
