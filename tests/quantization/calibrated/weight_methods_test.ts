import { assert, assertEquals, assertThrows } from "@std/assert";
import { denseCache, forward, type LanguageModel, type Story } from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";
import {
  awq,
  awqTransform,
  calibrate,
  gptq,
  gptqTransform,
  hessian,
  roundingTransform,
  roundToNearest,
} from "@fewer-bytes/quantization";
import { tinyModel } from "../../lm/runtime/tiny.ts";

const tokens = Uint16Array.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4);
const story: Story = { tokens, surprise: new Float64Array(tokens.length), recalls: [] };
const calibration = calibrate(tinyModel(), [story]);
const options = { bits: 3, groupSize: 8 } as const;
const methods = {
  rounding: roundingTransform(options),
  gptq: gptqTransform(calibration, options),
  awq: awqTransform(calibration, options),
};

Deno.test("each transform does to a matrix what its method does, asymmetrically unless asked otherwise", () => {
  const { down } = tinyModel().layers[1]!;
  const matrix = new Matrix<Float32Array>(down.outputs, down.inputs, down.data);
  const statistics = calibration.get(down.name)!;
  const grid = { ...options, symmetric: false };
  assertEquals<Float32Array>(methods.rounding(down), roundToNearest(matrix, grid).data);
  assertEquals<Float32Array>(methods.gptq(down), gptq(matrix, hessian(statistics), grid).data);
  assertEquals<Float32Array>(methods.awq(down), awq(matrix, statistics, grid).weights.data);
  assertEquals<Float32Array>(
    roundingTransform({ ...options, symmetric: true })(down),
    roundToNearest(matrix, options).data,
  );
  assertEquals<Float32Array>(
    awqTransform(calibration, { ...options, searchClip: true })(down),
    awq(matrix, statistics, grid, { searchClip: true }).weights.data,
  );
});

Deno.test("each transform leaves the embedding table, changes all other matrices, and the model still runs", () => {
  const plain = tinyModel();
  for (const transform of Object.values(methods)) {
    const model: LanguageModel = tinyModel(transform);
    assertEquals(model.embedding.data, plain.embedding.data);
    model.layers.forEach((layer, index) => {
      for (const part of ["queries", "keys", "values", "output", "gate", "up", "down"] as const) {
        assert(
          layer[part].data.some((value, at) => value !== plain.layers[index]![part].data[at]),
          part,
        );
      }
    });
    const [logits] = forward(model, [{ tokens, cache: denseCache(model) }]);
    assert(logits!.every(Number.isFinite));
  }
});

Deno.test("a transform refuses a matrix that the calibration did not see", () => {
  const weight = { name: "other", outputs: 1, inputs: 8, data: new Float32Array(8) };
  for (const transform of [methods.gptq, methods.awq]) {
    assertThrows(() => transform(weight), RangeError, "Cannot quantize other");
  }
  assertEquals(methods.rounding(weight), new Float32Array(8));
});
