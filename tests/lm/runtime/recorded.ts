/** What attention got and gave in each layer of a model, recorded on its way through the weights. */
import { forward, type LanguageModel, multiplyRows, type Sequence } from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";

export function recordAttention(
  model: LanguageModel,
  sequence: Sequence,
): { got: Matrix; gave: Matrix }[] {
  const { hiddenSize } = model.shape;
  const states = new Map<string, Matrix>();
  const keep = (name: string, rows: number, data: Float32Array) =>
    states.set(name, new Matrix(rows, hiddenSize, Float64Array.from(data)));
  forward(model, [sequence], {
    multiply: (x, rows, weight, y) => {
      multiplyRows(x, rows, weight, y);
      if (weight.name.endsWith("q_proj.weight")) keep(weight.name, rows, x);
      if (weight.name.endsWith("o_proj.weight")) keep(weight.name, rows, y);
    },
  });
  return model.layers.map(({ queries, output }) => ({
    got: states.get(queries.name)!,
    gave: states.get(output.name)!,
  }));
}
