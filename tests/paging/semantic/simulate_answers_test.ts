import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import {
  breakEvenHitRate,
  chatQuestions,
  codeQuestions,
  drawQuestions,
  newsQuestions,
  simulateAnswers,
  worthwhileCategories,
} from "@fewer-bytes/paging";

const code = drawQuestions({ ...codeQuestions, intents: 2000 }, 1000, seeded(1));
const chat = drawQuestions({ ...chatQuestions, intents: 5000 }, 1000, seeded(1));
const news = drawQuestions(newsQuestions, 1000, seeded(1));
const keep = { lifetime: Infinity, quota: 2000 };

Deno.test("no threshold suits both: what finds answers to conversation gives wrong ones for code", () => {
  const both = (threshold: number) => ({
    code: simulateAnswers(code, { ...keep, threshold }),
    chat: simulateAnswers(chat, { ...keep, threshold }),
  });
  const [loose, strict] = [both(0.8), both(0.99)];
  assert(loose.code.wrong > 0.9 && strict.code.wrong < 0.02);
  assert(strict.code.hitRate > 0.4);
  assert(loose.chat.hitRate > 0.05 && strict.chat.hitRate < 0.01);
});

Deno.test("where answers change, a long lifetime gives old ones and a short one wastes hits", () => {
  const lasting = (lifetime: number) =>
    simulateAnswers(news, { threshold: 0.9, lifetime, quota: 2000 });
  const [long, short] = [lasting(Infinity), lasting(40)];
  assert(long.stale > 0.25 && short.stale < 0.05);
  assert(long.hitRate > short.hitRate + 0.2);
});

Deno.test("with a threshold that every question passes, all but the first hit", () => {
  const { hitRate, uncached } = simulateAnswers(chat, { ...keep, threshold: -1 });
  assertAlmostEquals(hitRate, 999 / 1000, 1e-12);
  assertAlmostEquals(uncached, 1 / 1000, 1e-12);
  assertThrows(() => simulateAnswers([], { ...keep, threshold: 0 }), RangeError, "a question");
});

Deno.test("a category is worth looking up exactly when its hit rate is above break-even", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const time = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(fc.property(share, time, time, (hitRate, model, search) => {
    const { leftOut, saved } = worthwhileCategories([{ share: 1, hitRate, model }], search);
    if (Math.abs(hitRate - breakEvenHitRate(search, model)) < 1e-9) return;
    assertEquals(leftOut, hitRate > breakEvenHitRate(search, model) ? 0 : 1);
    assertAlmostEquals(saved, Math.max(0, hitRate * model - search), 1e-12);
  }));
  assertThrows(
    () => worthwhileCategories([{ share: 1, hitRate: 1.5, model: 1 }], 0),
    RangeError,
    "hitRate must be <= 1",
  );
  assertThrows(() => worthwhileCategories([], NaN), RangeError, "the search");
});
