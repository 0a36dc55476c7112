/**
 * The proofs behind the exercises: they look at no notebook, so they hold in a learner's half-done clone as in a new one.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inProcess, runChecks } from "../../kit/exercises/run.ts";
import { Sandboxes } from "../../kit/exercises/sandbox.ts";
import { exerciseCell } from "../../kit/exercises/suite.ts";
import { exercises } from "./mod.ts";

const sandboxes = new Sandboxes({ warm: 4 });
Deno.test.afterAll(() => sandboxes[Symbol.asyncDispose]());

/** The messages of the checks that failed. */
function messages(checks: readonly { passed: boolean; name: string; message: string }[]): string {
  return checks.filter(({ passed }) => !passed).map(({ name, message }) => `${name}: ${message}`)
    .join("\n");
}

Deno.test("no two exercises have the same id", () => {
  const ids = exercises.map(({ id }) => id);
  assertEquals([...new Set(ids)], ids);
});

for (const exercise of exercises) {
  const { id, title, name, stub, solution, reference, mistakes, points } = exercise;
  Deno.test(`${id} ${title}`, async (test) => {
    /** Grades a source as if it stood in a notebook. */
    const grade = async (source: string) => {
      await using sandbox = sandboxes.open(exerciseCell({ ...exercise, stub: source }), id);
      return await runChecks(exercise, sandbox.answer);
    };

    await test.step("the reference passes every check", async () => {
      const { checks, earned } = await runChecks(exercise, inProcess(reference));
      assertEquals(messages(checks), "");
      assertEquals(earned, points);
    });
    await test.step("the worked solution of the third hint passes every check, graded alone", async () => {
      const { checks, earned } = await grade(solution);
      assertEquals(messages(checks), "");
      assertEquals(earned, points);
    });
    await test.step("the blank stub runs, and earns nothing", async () => {
      const { checks, earned } = await grade(stub);
      assertEquals(earned, 0);
      for (const { message } of checks) {
        assert(!/does not parse|gives check\(\) no function/.test(message), message);
      }
    });
    for (const { title, answer, caught } of mistakes) {
      await test.step(`is caught: ${name} ${title}`, async () => {
        const failed = messages((await runChecks(exercise, inProcess(answer))).checks);
        if (typeof caught === "string") assertStringIncludes(failed, caught);
        else assertMatch(failed, caught);
      });
    }
  });
}
