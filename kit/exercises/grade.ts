/** Grades notebooks: each answer alone, in its sandbox, on the checks of its exercise. */
import { type Notebook, parseNotebook } from "../notebook/mod.ts";
import { exerciseIds, findAnswer } from "./answer_cell.ts";
import { type CheckOutcome, runChecks, type Status } from "./run.ts";
import type { Sandboxes } from "./sandbox.ts";
import type { Exercise } from "./suite.ts";

/** How one exercise of one notebook went. */
export interface Grade {
  /** The name of the notebook. */
  notebook: string;
  exercise: Exercise;
  status: Status;
  earned: number;
  checks: Pick<CheckOutcome, "name" | "passed" | "message">[];
}

/** The grades of one notebook, and why it could not be read, where that is so. */
export interface NotebookGrades {
  notebook: string;
  grades: Grade[];
  error?: string;
}

/** A notebook as text, which may be none at all. */
export interface Submission {
  name: string;
  /** The text of the file, or why there is none. */
  json: string | Error;
}

function nothing(notebook: string, exercise: Exercise, status: Status, message: string): Grade {
  const checks = exercise.checks.map(({ name }) => ({ name, passed: false, message }));
  return { notebook, exercise, status, earned: 0, checks };
}

/** Grades one exercise of a notebook. What is not attempted earns nothing, whatever its checks would say. */
export async function gradeExercise(
  notebook: Notebook,
  name: string,
  exercise: Exercise,
  sandboxes: Sandboxes,
): Promise<Grade> {
  const cell = findAnswer(notebook, exercise);
  if (!cell?.attempted) return nothing(name, exercise, "not attempted", "not attempted");
  await using sandbox = sandboxes.open(cell.source, exercise.id);
  const { status, earned, checks } = await runChecks(exercise, sandbox.answer);
  return {
    notebook: name,
    exercise,
    status,
    earned,
    checks: checks.map(({ name, passed, message }) => ({ name, passed, message })),
  };
}

/** The chapter that a file is named after: "01" of `01_memory_wall.ipynb`. */
function chapterOfName(name: string): string | undefined {
  return /(?:^|[/\\])(\d\d)_[^/\\]*$/.exec(name)?.[1];
}

/** Runs a task for each item, a few at a time, and keeps the order. */
async function inParallel<T, R>(items: readonly T[], task: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await task(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.max(2, navigator.hardwareConcurrency) }, work));
  return results;
}

/**
 * Grades several notebooks in parallel, each on all exercises of the chapters that it is about: the one in the name of
 * its file and those of its `check()` calls. So deleting an exercise does not make a notebook complete.
 *
 * A notebook that cannot be read scores zero and stops no other one. Where its name does not tell its chapter, it
 * counts as one about the same chapters as the others.
 */
export async function gradeNotebooks(
  submissions: readonly Submission[],
  exercises: readonly Exercise[],
  sandboxes: Sandboxes,
): Promise<NotebookGrades[]> {
  const read = submissions.map(({ name, json }) => {
    const chapters = new Set([chapterOfName(name)]);
    try {
      if (json instanceof Error) throw json;
      const notebook = parseNotebook(json, name);
      const ids = exerciseIds(notebook);
      for (const { id, chapter } of exercises) if (ids.has(id)) chapters.add(chapter);
      return { name, chapters, notebook };
    } catch (error) {
      return { name, chapters, error: (error as Error).message };
    }
  });
  const all = new Set(read.flatMap(({ chapters }) => [...chapters]));
  const about = (chapters: Set<string | undefined>) =>
    exercises.filter(({ chapter }) => chapters.has(chapter));
  return await inParallel(read, async ({ name, chapters, notebook, error }) => {
    if (notebook === undefined) {
      const own = about(chapters);
      const counted = own.length > 0 ? own : about(all);
      const grades = counted.map((exercise) => nothing(name, exercise, "failed", error ?? ""));
      return { notebook: name, grades, error: error ?? "" };
    }
    const grades: Grade[] = [];
    for (const exercise of about(chapters)) {
      grades.push(await gradeExercise(notebook, name, exercise, sandboxes));
    }
    return { notebook: name, grades };
  });
}
