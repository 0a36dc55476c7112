/**
 * `deno task grade [--json FILE] [--csv FILE] [NOTEBOOK…]`: grades notebooks, by default the chapters of the course.
 *
 * A folder stands for the notebooks in it. `-` in place of a file prints the report instead of the table.
 * Exit code: 0 graded, 1 a notebook could not be read, 2 wrong usage.
 */
import { parseArgs } from "node:util";
import { exercises } from "../../tests/exercises/mod.ts";
import { gradeNotebooks, type Submission } from "../exercises/grade.ts";
import { gradesCsv, gradesJson, gradesTable } from "../exercises/report.ts";
import { Sandboxes } from "../exercises/sandbox.ts";
import { writeAtomically } from "../notebook/mod.ts";

const USAGE = "Usage: deno task grade [--json FILE|-] [--csv FILE|-] [NOTEBOOK or FOLDER…]";

/** The notebooks that a path stands for: itself, or all below a folder. */
async function expand(path: string): Promise<string[]> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (!info?.isDirectory) return [path];
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) found.push(...await expand(`${path}/${name}`));
    else if (name.endsWith(".ipynb")) found.push(`${path}/${name}`);
  }
  return found.sort();
}

/** The chapters of the course, without copies that an editor leaves beside them. */
async function chapters(): Promise<string[]> {
  const folder = new URL("../../notebooks/", import.meta.url);
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (/^\d\d_\w+\.ipynb$/.test(name)) found.push(`notebooks/${name}`);
  }
  return found.sort();
}

async function readSubmission(name: string, path: string | URL): Promise<Submission> {
  const json = await Deno.readTextFile(path).catch((error: Error) => {
    return new Error(`Cannot read notebook ${name}: ${error.message}`);
  });
  return { name, json };
}

/** Runs the task; returns its exit code. */
export async function grade(args: string[]): Promise<number> {
  let options;
  try {
    options = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: "string" }, csv: { type: "string" } },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const { values: { json, csv }, positionals } = options;
  if (json === "-" && csv === "-") {
    console.error(`Cannot print both reports at once\n${USAGE}`);
    return 2;
  }
  const given = positionals.length > 0;
  const root = new URL("../../", import.meta.url);
  const names = given ? (await Promise.all(positionals.map(expand))).flat() : await chapters();
  if (names.length === 0) {
    console.error(
      `Cannot find a notebook in ${given ? positionals.join(", ") : "notebooks/"}\n${USAGE}`,
    );
    return 2;
  }
  const submissions = await Promise.all(
    names.map((name) => readSubmission(name, given ? name : new URL(name, root))),
  );

  await using sandboxes = new Sandboxes({ warm: 4 });
  const graded = await gradeNotebooks(submissions, exercises, sandboxes);
  const grades = graded.flatMap(({ grades }) => grades);
  const reports = {
    json: gradesJson(grades, { notebooks: given && names.length > 1 }),
    csv: gradesCsv(grades),
  };
  for (const [target, report] of [[json, reports.json], [csv, reports.csv]]) {
    if (target === "-") console.log(report!.trimEnd());
    else if (target !== undefined) await writeAtomically(target, report!);
  }
  if (json !== "-" && csv !== "-") {
    for (const { notebook, grades } of graded) {
      if (grades.length > 0) {
        console.log(`${names.length > 1 ? `${notebook}\n` : ""}${gradesTable(grades)}\n`);
      }
    }
  }
  if (!given && json !== "-" && csv !== "-") {
    const earned = grades.reduce((sum, grade) => sum + grade.earned, 0);
    const points = grades.reduce((sum, { exercise }) => sum + exercise.points, 0);
    console.log(`all chapters: ${earned}/${points} points`);
  }
  const errors = graded.flatMap(({ error }) => error === undefined ? [] : [error]);
  for (const error of errors) console.error(error);
  return errors.length > 0 ? 1 : 0;
}

// Ended by hand: an answer that was stopped while awaiting may still keep a thread busy.
if (import.meta.main) Deno.exit(await grade(Deno.args));
