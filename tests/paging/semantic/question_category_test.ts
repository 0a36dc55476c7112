import { assert, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import {
  type AskedQuestion,
  chatQuestions,
  codeQuestions,
  drawQuestions,
  newsQuestions,
} from "@fewer-bytes/paging";

function cosine({ vector: a }: AskedQuestion, { vector: b }: AskedQuestion) {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, v, i) => sum + v * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** Mean cosine of pairs that ask for the same, and of pairs that do not. */
function closeness(questions: readonly AskedQuestion[]) {
  const sums = { same: [0, 0], other: [0, 0] };
  questions.forEach((a, i) =>
    questions.slice(0, i).forEach((b) => {
      const sum = a.intent === b.intent ? sums.same : sums.other;
      sum[0]! += cosine(a, b);
      sum[1]!++;
    })
  );
  return { same: sums.same[0]! / sums.same[1]!, other: sums.other[0]! / sums.other[1]! };
}

Deno.test("code lies close together, conversation far apart, and the same is always closer than another", () => {
  const code = closeness(drawQuestions(codeQuestions, 300, seeded(1)));
  const chat = closeness(drawQuestions({ ...chatQuestions, intents: 200 }, 300, seeded(1)));
  assert(code.other > 0.8 && Math.abs(chat.other) < 0.1);
  assert(code.same > 0.99 && chat.same > 0.7 && chat.same < 0.95);
});

Deno.test("answers of news change as often as the category says", () => {
  const questions = drawQuestions({ ...newsQuestions, intents: 1 }, 4000, seeded(2));
  assertEquals(questions.at(-1)!.version - questions[0]!.version, 4000 / newsQuestions.stable);
});

Deno.test("drawQuestions() is the same for the same seed, and refuses numbers out of range", () => {
  assertEquals(
    drawQuestions(newsQuestions, 20, seeded(3)),
    drawQuestions(newsQuestions, 20, seeded(3)),
  );
  for (
    const change of [{ intents: 0 }, { separation: -1 }, { paraphrase: NaN }, { stable: 0 }]
  ) {
    assertThrows(() => drawQuestions({ ...newsQuestions, ...change }, 1, seeded(1)), RangeError);
  }
  assertThrows(() => drawQuestions(newsQuestions, -1, seeded(1)), RangeError, "count");
  assertThrows(() => drawQuestions(newsQuestions, 1, seeded(1), 0), RangeError, "dimensions");
});
