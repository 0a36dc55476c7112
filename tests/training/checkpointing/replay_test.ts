import { assertEquals, assertThrows } from "@std/assert";
import { type Operation, replay, uniformChain } from "@fewer-bytes/training";

const chain = uniformChain(2, { forward: 1, backward: 10, input: 3, tape: 5 });
const tape = (stage: number): Operation => ({ do: "tape", stage });
const backward = (stage: number): Operation => ({ do: "backward", stage });

Deno.test("replay() adds up by hand what keeping everything costs", () => {
  const found = replay(chain, [tape(0), tape(1), backward(1), backward(0)]);
  assertEquals(found, { seconds: 22, peak: 10, forwards: [1, 1], kept: [5, 10, 5, 0] });
});

Deno.test("replay() refuses what cannot be done, and says why", () => {
  const refused = (operations: Operation[], why: string) =>
    assertThrows(() => replay(chain, operations), RangeError, why);
  refused([tape(1)], "its input must be at hand: operation 0 is tape of stage 1");
  refused([backward(1)], "must have been computed with its tape");
  refused([tape(0), backward(0)], "stage 1 must be differentiated next");
  refused([tape(0), tape(1), backward(1)], "must end with stage 0");
  refused([{ do: "forward", stage: 0 }, tape(1), backward(1)], "have its input kept");
  refused([tape(2)], "stages must be from 0 to 1");
  refused([{ do: "forward", stage: 0 }, { do: "forward", stage: 1 }, tape(1)], "at hand");
});

Deno.test("replay() lets working memory hold one tape at a time", () => {
  const lean = uniformChain(2, { forward: 1, backward: 1, input: 1 });
  assertThrows(() => replay(lean, [tape(0), tape(1)]), RangeError, "one tape at a time");
});
