import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { grade } from "../../../kit/tasks/grade.ts";
import { exerciseCell } from "../../../kit/exercises/suite.ts";
import { exercises } from "../../exercises/mod.ts";
import { notebookOf } from "../exercises/fixtures/exercise.ts";

const granted = (["read", "write"] as const).every((name) =>
  Deno.permissions.querySync({ name }).state === "granted"
);

const exercise = exercises.find(({ chapter }) => chapter === "01")!;
const chapter = exercises.filter(({ chapter }) => chapter === "01");
const solved = notebookOf(exerciseCell({ ...exercise, stub: exercise.solution }));
const blank = notebookOf(...chapter.map(exerciseCell));

/** Runs the task in a folder of its own with these files; `@` in an argument stands for the folder. */
async function run(files: Record<string, string>, ...args: string[]) {
  const folder = await Deno.makeTempDir();
  const { log, error } = console;
  const output: string[] = [];
  const errors: string[] = [];
  console.log = (line: string) => void output.push(line);
  console.error = (line: string) => void errors.push(line);
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, content);
    }
    const code = await grade(args.map((arg) => arg.replace("@", folder)));
    const written = (name: string) => Deno.readTextFile(`${folder}/${name}`);
    const json = args.includes("@/g.json") ? JSON.parse(await written("g.json")) : undefined;
    const csv = args.includes("@/g.csv") ? await written("g.csv") : "";
    return { code, output: output.join("\n"), errors: errors.join("\n"), json, csv };
  } finally {
    Object.assign(console, { log, error });
    await Deno.remove(folder, { recursive: true });
  }
}

function test(name: string, fn: () => Promise<void>) {
  Deno.test({ name, fn, ignore: !granted });
}

test("grade prints a table, and writes JSON without the notebook's name when there is one", async () => {
  const { code, output, json } = await run(
    { "01_x.ipynb": solved },
    "--json",
    "@/g.json",
    "@/01_x.ipynb",
  );
  assertEquals(code, 0);
  assertMatch(
    output,
    new RegExp(`${exercise.id} .* ${exercise.points}/${exercise.points}  passed`),
  );
  assertEquals(json.exercises.length, chapter.length);
  assertEquals(Object.keys(json.exercises[0]), [
    "id",
    "chapter",
    "points",
    "earned",
    "status",
    "checks",
  ]);
  assertEquals(json.exercises[0].status, "passed");
});

test("grade gives zero points for the notebook as it is handed out", async () => {
  const { json } = await run({ "01_x.ipynb": blank }, "--json", "@/g.json", "@/01_x.ipynb");
  for (const { earned, status } of json.exercises) {
    assertEquals([earned, status], [0, "not attempted"]);
  }
});

test("grade takes a folder of submissions, and names the notebook of each entry", async () => {
  const files = { "ada.ipynb": solved, "grace.ipynb": blank, "notes.txt": "" };
  const { code, json, csv } = await run(files, "--json", "@/g.json", "--csv", "@/g.csv", "@");
  assertEquals(code, 0);
  const names = json.exercises.map(({ notebook }: { notebook: string }) =>
    notebook.replace(/.*\//, "")
  );
  assertEquals(
    names,
    chapter.flatMap(() => ["ada.ipynb"]).concat(chapter.flatMap(() => ["grace.ipynb"])),
  );
  assertEquals(csv.trimEnd().split("\r\n").length, 1 + 2 * chapter.length);
});

test("grade reports a broken notebook by name with code 1, and grades the others", async () => {
  const files = { "a.ipynb": solved.slice(0, 99), "b.ipynb": solved };
  const { code, output, errors } = await run(files, "@/a.ipynb", "@/b.ipynb", "@/missing.ipynb");
  assertEquals(code, 1);
  assertStringIncludes(errors, "a.ipynb: it is not JSON");
  assertStringIncludes(errors, "missing.ipynb");
  assertMatch(output, /passed/);
});

test("grade prints nothing but the report with -", async () => {
  const { output } = await run({ "01_x.ipynb": solved }, "--json", "-", "@/01_x.ipynb");
  assertEquals(JSON.parse(output).exercises[0].earned, exercise.points);
});

test("grade explains wrong usage with code 2", async () => {
  for (const args of [["--jsno", "x"], ["--json"], ["--json", "-", "--csv", "-"], ["@"]]) {
    const { code, errors } = await run({}, ...args);
    assertEquals(code, 2);
    assertStringIncludes(errors, "Usage: deno task grade");
  }
});
