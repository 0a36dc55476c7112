import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Grade, gradeNotebooks } from "../../../kit/exercises/grade.ts";
import { Sandboxes } from "../../../kit/exercises/sandbox.ts";
import { defineExercise, exerciseCell } from "../../../kit/exercises/suite.ts";
import { definition, exercise, notebookOf, partial, solved } from "./fixtures/exercise.ts";
import sample from "./fixtures/99_sample.ipynb" with { type: "text" };

const second = defineExercise({ ...definition, id: "99.2", points: 5 });
const other = defineExercise({ ...definition, id: "98.1" });
const exercises = [other, exercise, second];

const sandboxes = new Sandboxes({ timeLimit: 500, warm: 3 });
Deno.test.afterAll(() => sandboxes[Symbol.asyncDispose]());

async function grade(submissions: Record<string, string | Error>): Promise<Grade[]> {
  const list = Object.entries(submissions).map(([name, json]) => ({ name, json }));
  return (await gradeNotebooks(list, exercises, sandboxes)).flatMap(({ grades }) => grades);
}

const short = (grades: Grade[]) =>
  grades.map(({ exercise: { id }, status, earned }) => `${id} ${status} ${earned}`);

Deno.test("gradeNotebooks() gives partial credit by check, to a notebook as Jupyter writes it", async () => {
  const grades = await grade({ "99_sample.ipynb": sample });
  assertEquals(short(grades), ["99.1 partial 7", "99.2 not attempted 0"]);
  assertEquals(grades[0]!.checks.map(({ passed }) => passed), [true, true, false]);
  assertStringIncludes(grades[0]!.checks[2]!.message, "expected an error");
});

Deno.test("gradeNotebooks() gives nothing for no work: untouched stubs, deleted cells, an empty notebook", async () => {
  const untouched = notebookOf(exerciseCell(exercise), exerciseCell(second));
  for (const json of [untouched, notebookOf(exerciseCell(second)), notebookOf()]) {
    const grades = await grade({ "99_test.ipynb": json });
    assertEquals(short(grades), ["99.1 not attempted 0", "99.2 not attempted 0"]);
    assert(
      grades.every(({ checks }) => checks.length === 3 && checks.every(({ passed }) => !passed)),
    );
  }
});

Deno.test("gradeNotebooks() takes the chapters from check calls when the file has another name", async () => {
  assertEquals(short(await grade({ "ada.ipynb": notebookOf(solved) })), [
    "99.1 passed 10",
    "99.2 not attempted 0",
  ]);
  const both = await grade({ "99_x.ipynb": notebookOf(solved, solved.replaceAll("99.1", "98.1")) });
  assertEquals(short(both), ["98.1 passed 10", "99.1 passed 10", "99.2 not attempted 0"]);
});

Deno.test("gradeNotebooks() goes on after answers that loop, crash, cheat or do not parse", async () => {
  const hostile = [
    "function share() { for (;;); }",
    "Deno.exit(0); function share() {}",
    'const share = () => Deno.readTextFileSync("deno.json")',
    "function share(: {",
    "globalThis.check = () => {}; function share() { return NaN; }",
    "const share = { passed: true, earned: 10 };",
  ].map((code) =>
    notebookOf(`${code}\nawait check("99.1", share);`, partial.replaceAll("99.1", "99.2"))
  );
  const submissions = Object.fromEntries(
    hostile.map((json, index) => [`99_student${index}.ipynb`, json]),
  );
  const grades = await grade(submissions);
  assertEquals(short(grades), hostile.flatMap(() => ["99.1 failed 0", "99.2 partial 4"]));
  for (const { checks } of grades) {
    for (const { passed, message } of checks) assertEquals(passed, message === "");
  }
});

Deno.test("gradeNotebooks() scores a broken notebook zero, names it, and grades the others", async () => {
  const broken = {
    "99_cut.ipynb": sample.slice(0, 500),
    "99_field.ipynb": sample.replace('"cells"', '"sells"'),
    "99_gone.ipynb": new Error("Cannot read notebook 99_gone.ipynb: no such file"),
    "grace.ipynb": "not JSON",
  };
  const list = Object.entries({ ...broken, "99_good.ipynb": notebookOf(solved) }).map((
    [name, json],
  ) => ({
    name,
    json,
  }));
  const results = await gradeNotebooks(list, exercises, sandboxes);
  for (const { notebook, grades, error } of results.slice(0, 4)) {
    assertStringIncludes(error!, notebook);
    assertEquals(short(grades), ["99.1 failed 0", "99.2 failed 0"]);
    assertStringIncludes(grades[0]!.checks[0]!.message, notebook);
  }
  assertEquals(results[4]!.error, undefined);
  assertEquals(short(results[4]!.grades), ["99.1 passed 10", "99.2 not attempted 0"]);
});
