import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { type LanguageModel, type Weight } from "@fewer-bytes/lm";
import { seeded } from "@fewer-bytes/numeric";
import { fitToBudget, makeBitStack } from "@fewer-bytes/quantization";
import { tinyModel } from "../../lm/runtime/tiny.ts";

function weight(name: string, outputs: number, inputs: number): Weight {
  const random = seeded(outputs * inputs);
  const data = Float32Array.from({ length: outputs * inputs }, () => random.normal());
  return { name, outputs, inputs, data };
}

const weights = [weight("a", 16, 16), weight("b", 8, 24), weight("c", 32, 16)];
const stack = makeBitStack(weights, { levels: 5 });
const largestBlock = Math.max(...stack.order.map(({ bytes }) => bytes));
const budgets = fc.integer({ min: stack.smallest, max: stack.largest });

Deno.test("fitToBudget() fills the budget to within one block, and never beyond", () => {
  fc.assert(fc.property(budgets, (budget) => {
    const { bytes, levels } = fitToBudget(stack, budget);
    assertLessOrEqual(bytes, budget);
    assert(bytes + largestBlock > budget || bytes === stack.largest);
    const counted = stack.order.filter(({ name, level }) => level < levels.get(name)!);
    assertEquals(counted.reduce((sum, block) => sum + block.bytes, 0), bytes);
  }));
});

Deno.test("fitToBudget() drops no block for a larger budget", () => {
  fc.assert(fc.property(budgets, budgets, (a, b) => {
    const [small, large] = [Math.min(a, b), Math.max(a, b)].map((each) => fitToBudget(stack, each));
    for (const [name, count] of small!.levels) {
      assertGreaterOrEqual(large!.levels.get(name)!, count);
    }
  }));
  assertEquals([...fitToBudget(stack, stack.smallest).levels.values()], [1, 1, 1]);
  assertEquals([...fitToBudget(stack, Number.MAX_VALUE).levels.values()], [5, 5, 5]);
});

Deno.test("fitToBudget() gives a transform for models that leaves other matrices alone", () => {
  const plain: LanguageModel = tinyModel();
  const { queries, keys } = plain.layers[0]!;
  const fitted = fitToBudget(makeBitStack([queries], { levels: 3 }), 1e6);
  const model = tinyModel(fitted.transform);
  assert(model.layers[0]!.queries.data.some((value, i) => value !== queries.data[i]));
  assertEquals(model.layers[0]!.keys.data, keys.data);
  assertEquals(model.layers[1]!.queries.data, plain.layers[1]!.queries.data);
});

Deno.test("fitToBudget() refuses a budget below one block for each matrix", () => {
  assertThrows(() => fitToBudget(stack, stack.smallest - 1), RangeError, `${stack.smallest} bytes`);
  assertThrows(() => fitToBudget(stack, NaN), RangeError, "budget");
});
