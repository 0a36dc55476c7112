import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AnswerError } from "../../../kit/exercises/answer_error.ts";
import { expectNumber } from "../../../kit/exercises/expect.ts";
import { inProcess, runChecks } from "../../../kit/exercises/run.ts";
import { defineExercise } from "../../../kit/exercises/suite.ts";
import { definition, exercise } from "./fixtures/exercise.ts";

const run = (answer: (total: number, parts: number) => unknown) =>
  runChecks(exercise, inProcess(answer));

Deno.test("runChecks() gives all points to the reference", async () => {
  const { status, earned, checks } = await run(definition.reference);
  assertEquals([status, earned], ["passed", 10]);
  assertEquals(checks.map(({ message }) => message), ["", "", ""]);
});

Deno.test("runChecks() gives the points of the checks that pass, and goes on after one that fails", async () => {
  const { status, earned, checks } = await run((total, parts) => total / parts);
  assertEquals([status, earned], ["partial", 7]);
  assertEquals(checks.map(({ passed, earned }) => [passed, earned]), [[true, 4], [true, 3], [
    false,
    0,
  ]]);
});

Deno.test("runChecks() gives nothing for NaN, nothing at all, a wrong type, an error, a function", async () => {
  for (const value of [NaN, undefined, "4", null, [4], {}, () => 4, Symbol("4")]) {
    const { status, earned } = await run(() => value);
    assertEquals([status, earned], ["failed", 0]);
  }
  const { status, checks } = await run(() => {
    throw new TypeError("not ready");
  });
  assertEquals(status, "failed");
  assertStringIncludes(checks[0]!.message, "your code threw TypeError: not ready");
});

Deno.test("runChecks() names the call that returned the wrong value, not the one after it", async () => {
  const two = defineExercise({
    ...definition,
    checks: [{
      name: "shares twice",
      run: async (share) => {
        const [first, second] = [await share(12, 3), await share(6, 3)];
        expectNumber(second, 2);
        expectNumber(first, 4);
      },
    }],
  });
  const { checks } = await runChecks(two, inProcess((total: number) => total === 6 ? 2 : 99));
  assertEquals(checks[0]!.call, "share(12, 3)");
  assertEquals(checks[0]!.values?.actual, "99");
});

Deno.test("runChecks() says that a result cannot be checked when the check trips over it", async () => {
  const trips = defineExercise({
    ...definition,
    checks: [{
      name: "returns an object",
      run: async (share) =>
        expectNumber((await share(1, 1) as unknown as { bits: { count: number } }).bits.count, 1),
    }],
  });
  const { checks } = await runChecks(trips, inProcess(() => 5));
  assertStringIncludes(
    checks[0]!.message,
    "your result cannot be checked: Cannot read properties of undefined",
  );
});

Deno.test("inProcess() copies inputs and results, as the sandbox does", async () => {
  const inputs = [3, 1, 2];
  const kept: number[] = [];
  const sorted = await inProcess((values: number[]) => {
    kept.push(...values.sort());
    return values;
  })(inputs);
  assertEquals([inputs, sorted, kept], [[3, 1, 2], [1, 2, 3], [1, 2, 3]]);
});

Deno.test("inProcess() gives up waiting for an answer that never comes", async () => {
  await assertRejects(
    () => inProcess(() => new Promise(() => {}), 10)(),
    AnswerError,
    "took longer than 0.01 s",
  );
});

Deno.test("inProcess() marks what the answer threw, so that a check can ask for it", async () => {
  const error = await assertRejects(
    () =>
      inProcess(() => {
        throw new RangeError("no parts");
      })(),
    AnswerError,
    "RangeError: no parts",
  );
  assert((error as AnswerError).thrown);
});
