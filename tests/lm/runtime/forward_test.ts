import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  denseCache,
  forward,
  type LanguageModel,
  multiplyRows,
  type Weight,
} from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";
import { tinyModel } from "./tiny.ts";

const tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5];

/** The whole model on one sequence in 64-bit matrices, all tokens at once, without a cache: written as the textbook does. */
function textbook(model: LanguageModel, tokens: number[]): number[][] {
  const { queryHeads, keyValueHeads, headDimension: d, normEpsilon, ropeTheta } = model;
  const matrix = ({ outputs, inputs, data }: Weight) =>
    new Matrix(outputs, inputs, Float64Array.from(data)).transpose();
  const norm = (rows: number[][], gain: Float32Array) =>
    rows.map((row) => {
      const mean = row.reduce((sum, value) => sum + value * value, 0) / row.length;
      return row.map((value, i) => value / Math.sqrt(mean + normEpsilon) * gain[i]!);
    });
  const times = (rows: number[][], weight: Weight) =>
    Matrix.from(rows).multiply(matrix(weight)).toRows();
  const plus = (a: number[][], b: number[][]) =>
    a.map((row, i) => row.map((value, j) => value + b[i]![j]!));
  // Rotary positions as multiplication of complex numbers: pair (i, i + d/2) is a + ib, turned by its angle.
  const turn = (head: number[], position: number) => {
    const turned = [...head];
    for (let i = 0; i < d / 2; i++) {
      const angle = position / ropeTheta ** (2 * i / d);
      turned[i] = head[i]! * Math.cos(angle) - head[i + d / 2]! * Math.sin(angle);
      turned[i + d / 2] = head[i]! * Math.sin(angle) + head[i + d / 2]! * Math.cos(angle);
    }
    return turned;
  };
  const heads = (row: number[], count: number) =>
    Array.from({ length: count }, (_, h) => row.slice(h * d, (h + 1) * d));
  let x = tokens.map((token) =>
    Array.from(
      model.embedding.data.slice(
        token * model.embedding.inputs,
        (token + 1) * model.embedding.inputs,
      ),
    )
  );
  for (const layer of model.layers) {
    const normal = norm(x, layer.attentionNorm);
    const q = times(normal, layer.queries).map((row, t) =>
      heads(row, queryHeads).map((head) => turn(head, t))
    );
    const k = times(normal, layer.keys).map((row, t) =>
      heads(row, keyValueHeads).map((head) => turn(head, t))
    );
    const v = times(normal, layer.values).map((row) => heads(row, keyValueHeads));
    const attended = q.map((row, t) =>
      row.flatMap((query, h) => {
        const shared = Math.floor(h * keyValueHeads / queryHeads);
        const scores = k.slice(0, t + 1).map((keys) =>
          Math.exp(keys[shared]!.reduce((sum, key, i) => sum + key * query[i]!, 0) / Math.sqrt(d))
        );
        const sum = scores.reduce((a, b) => a + b);
        return query.map((_, i) =>
          scores.reduce((total, score, s) => total + score / sum * v[s]![shared]![i]!, 0)
        );
      })
    );
    x = plus(x, times(attended, layer.output));
    const second = norm(x, layer.feedForwardNorm);
    const up = times(second, layer.up);
    const gated = times(second, layer.gate).map((row, t) =>
      row.map((g, i) => g / (1 + Math.exp(-g)) * up[t]![i]!)
    );
    x = plus(x, times(gated, layer.down));
  }
  return times(norm(x, model.norm), model.head);
}

function close(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-5) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    assertAlmostEquals(actual[i]!, expected[i]!, tolerance, `logit ${i}`);
  }
}

Deno.test("forward() equals the textbook's matrices in 64 bits", () => {
  const model = tinyModel();
  const [logits] = forward(model, [{ tokens, cache: denseCache(model) }], { logits: "all" });
  close(logits!, textbook(model, tokens).flat());
});

Deno.test("forward() gives the same whether tokens come at once, in parts, or one by one", () => {
  const model = tinyModel();
  const [atOnce] = forward(model, [{ tokens, cache: denseCache(model) }]);
  const cache = denseCache(model);
  forward(model, [{ tokens: tokens.slice(0, 4), cache }]);
  const [inParts] = forward(model, [{ tokens: tokens.slice(4), cache }]);
  const single = denseCache(model);
  let last = new Float32Array();
  for (const token of tokens) {
    last = forward(model, [{ tokens: [token], cache: single }])[0]! as Float32Array<ArrayBuffer>;
  }
  close(inParts!, atOnce!);
  close(last, atOnce!);
  assertEquals([cache.length, single.length], [tokens.length, tokens.length]);
});

Deno.test("forward() gives each sequence of a batch what it would get alone", () => {
  const model = tinyModel();
  const prompts = [[1, 2, 3], [7], [4, 4, 4, 4, 9]];
  const together = forward(model, prompts.map((tokens) => ({ tokens, cache: denseCache(model) })));
  prompts.forEach((tokens, index) => {
    const [alone] = forward(model, [{ tokens, cache: denseCache(model) }]);
    close(together[index]!, alone!);
  });
});

Deno.test("forward() refuses tokens outside the vocabulary, and sequences without new ones", () => {
  const model = tinyModel();
  for (const token of [-1, 23, 1.5, NaN]) {
    assertThrows(
      () => forward(model, [{ tokens: [token], cache: denseCache(model) }]),
      RangeError,
      "whole numbers below 23",
    );
  }
  assertThrows(
    () => forward(model, [{ tokens: [], cache: denseCache(model) }]),
    RangeError,
    "new tokens",
  );
});

Deno.test("forward() meets every matrix of the model through the multiply that it is given", () => {
  const model = tinyModel();
  const plain = forward(model, [{ tokens, cache: denseCache(model) }])[0]!;
  const met: string[] = [];
  const [same] = forward(model, [{ tokens, cache: denseCache(model) }], {
    multiply: (x, rows, weight, y) => {
      met.push(weight.name);
      multiplyRows(x, rows, weight, y);
    },
  });
  assertEquals(same, plain);
  assertEquals(met.length, 7 * model.layers.length + 1);
  const [halved] = forward(model, [{ tokens, cache: denseCache(model) }], {
    multiply: (x, rows, weight, y) => {
      multiplyRows(x, rows, weight, y);
      if (weight === model.head) { for (let i = 0; i < y.length; i++) y[i]! /= 2; }
    },
  });
  assertEquals(halved, plain.map((logit) => logit / 2));
});
