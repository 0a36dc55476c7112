import { assertEquals, assertRejects } from "@std/assert";
import { ChapterExercises } from "../../../kit/workbench/chapter_exercises.ts";
import type { ExerciseView, ServerMessage } from "../../../kit/workbench/protocol.ts";
import { notebookOf } from "../check/project.ts";

const view = (status: ExerciseView["status"]): ExerciseView => ({
  id: "01.1",
  title: "One",
  points: 10,
  earned: status === "passed" ? 10 : 0,
  status,
});

/** A chapter whose answers are checked when the test says so. */
function opened() {
  const checks: PromiseWithResolvers<ExerciseView["status"]>[] = [];
  const told: ServerMessage[] = [];
  const grader = {
    grade: async () => {
      const check = Promise.withResolvers<ExerciseView["status"]>();
      checks.push(check);
      return [{ name: "01_x", exercises: [view(await check.promise)] }];
    },
    solution: () => Promise.resolve("const a = 1;"),
  };
  const exercises = new ChapterExercises({
    name: "01_x",
    book: () => notebookOf(`const a = 1;\nawait check("01.1", a);`),
    grader,
    kernel: { execute: () => Promise.reject(new Error("not used")) },
    renderer: { outputs: () => [], output: () => "", markdown: (source) => source },
    tell: (message) => told.push(message),
  });
  return { exercises, checks, told };
}

Deno.test("grade() tells what the latest check found, though an earlier one takes longer", async () => {
  const { exercises, checks, told } = opened();
  const [first, second] = [exercises.grade(), exercises.grade()];
  checks[1]!.resolve("passed");
  assertEquals(await second, [view("passed")]);
  checks[0]!.resolve("failed");
  assertEquals(await first, [view("failed")]);
  assertEquals(exercises.view, [view("passed")]);
  assertEquals(told, [{ type: "exercises", exercises: [view("passed")] }]);
});

Deno.test("grade() says why answers cannot be checked, and keeps what was known", async () => {
  const { exercises, checks, told } = opened();
  const grading = exercises.grade();
  checks[0]!.reject(new Error("the thread ended"));
  assertEquals(await grading, []);
  assertEquals(told, [{ type: "notice", text: "Cannot check the answers: the thread ended" }]);
});

Deno.test("reference() is refused until the answer passes, and for exercises of other chapters", async () => {
  const { exercises, checks, told } = opened();
  const refused = exercises.reference("01.1");
  checks[0]!.resolve("partial");
  await assertRejects(() => refused, RangeError, "current value is partial");
  const shown = exercises.reference("01.1");
  checks[1]!.resolve("passed");
  await shown;
  assertEquals(told.at(-1)?.type, "help");
  await assertRejects(() => exercises.reference("02.1"), RangeError, "current value is 02.1");
  await assertRejects(() => exercises.hint("02.1"), RangeError, "current value is 02.1");
});
