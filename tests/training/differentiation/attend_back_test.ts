import { assertAlmostEquals, assertEquals } from "@std/assert";
import { plainAttention, plainBackward } from "@fewer-bytes/attention";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import {
  attendBackward,
  attendForward,
  turn,
} from "../../../lib/training/differentiation/attend_back.ts";

const model = { queryHeads: 2, keyValueHeads: 1, headDimension: 4, ropeTheta: 10_000 };
const tokens = 5, random = seeded(18);
const normal = (width: number) =>
  Float32Array.from({ length: tokens * width }, () => random.normal());
const inputs = { queries: normal(8), keys: normal(4), values: normal(4) };

/** One query head, with the head that both share. */
const headOf = (head: number, all: Float32Array = inputs.queries) =>
  new Matrix(
    tokens,
    4,
    Float64Array.from(
      { length: 4 * tokens },
      (_, i) => all[Math.floor(i / 4) * 8 + head * 4 + i % 4]!,
    ),
  );
const shared = (all: Float32Array) => new Matrix(tokens, 4, Float64Array.from(all));

Deno.test("two query heads that share keys and values are attention head by head, and back", () => {
  const result = attendForward(model, inputs), slopes = normal(8);
  const back = attendBackward(model, inputs, result, slopes);
  const keys = new Float64Array(4 * tokens);
  for (const head of [0, 1]) {
    const own = {
      queries: headOf(head),
      keys: shared(inputs.keys),
      values: shared(inputs.values),
    };
    const expected = plainAttention(own, { causal: true });
    headOf(head, result.attended).data.forEach((x, i) =>
      assertAlmostEquals(x, expected.data[i]!, 1e-5)
    );
    const gradients = plainBackward(own, headOf(head, slopes), { causal: true });
    headOf(head, back.queries).data.forEach((x, i) =>
      assertAlmostEquals(x, gradients.queries.data[i]!, 1e-5)
    );
    gradients.keys.data.forEach((x, i) => keys[i]! += x);
  }
  back.keys.forEach((x, i) => assertAlmostEquals(x, keys[i]!, 1e-5));
  assertEquals(result.sums.length, 2 * tokens);
});

Deno.test("turned there and back, rows are what they were", () => {
  const rows = inputs.queries.slice();
  turn(rows, 2, model, 1);
  turn(rows, 2, model, -1);
  rows.forEach((x, i) => assertAlmostEquals(x, inputs.queries[i]!, 1e-6));
});
