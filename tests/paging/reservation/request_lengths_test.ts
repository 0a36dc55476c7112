import { assert, assertEquals, assertThrows } from "@std/assert";
// @ts-types="@types/d3-array"
import { mean } from "d3-array";
import { seeded } from "@fewer-bytes/numeric";
import { alpaca, drawLengths, shareGpt } from "@fewer-bytes/paging";

// Kwon et al. 2023, figure 11.
const published = [
  { law: shareGpt, prompt: 161.31, output: 337.99 },
  { law: alpaca, prompt: 19.31, output: 58.45 },
];

Deno.test("drawLengths() has the published means", () => {
  for (const { law, prompt, output } of published) {
    const drawn = drawLengths(law, 40_000, seeded(3));
    assert(Math.abs(mean(drawn, (request) => request.prompt)! / prompt - 1) < 0.03);
    assert(Math.abs(mean(drawn, (request) => request.output)! / output - 1) < 0.03);
  }
});

Deno.test("the spread of ShareGPT's outputs is the one that figure 2's reserved memory gives away", () => {
  const drawn = drawLengths(shareGpt, 40_000, seeded(4));
  const first = mean(drawn, ({ output }) => output)!;
  const second = mean(drawn, ({ output }) => output ** 2)!;
  // 13.3 % of 15,700 places wait for the coming tokens of 7 requests: the mean rest of one that is under way.
  const waiting = 0.133 * 15_700 / 7;
  assert(Math.abs(second / first / 2 / waiting - 1) < 0.03);
});

Deno.test("drawLengths() gives whole numbers from 1, nothing longer than the maximum, and the same for the same seed", () => {
  const law = { ...alpaca, maximum: 60 };
  const drawn = drawLengths(law, 500, seeded(1));
  for (const { prompt, output } of drawn) {
    assert(Number.isInteger(prompt) && Number.isInteger(output) && prompt >= 1 && output >= 1);
    assert(prompt + output <= 60);
  }
  assertEquals(drawn, drawLengths(law, 500, seeded(1)));
  assertEquals(drawLengths(law, 0, seeded(1)), []);
});

Deno.test("drawLengths() refuses laws that are none", () => {
  for (
    const change of [{ meanPrompt: 0 }, { meanOutput: NaN }, { promptSpread: -1 }, { maximum: 1 }]
  ) {
    assertThrows(() => drawLengths({ ...alpaca, ...change }, 1, seeded(1)), RangeError);
  }
  assertThrows(() => drawLengths(alpaca, 1.5, seeded(1)), RangeError, "count");
});
