import { digest } from "../../build/digest.ts";
import { findAnswer } from "../../exercises/answer_cell.ts";
import type { SandboxOptions } from "../../exercises/sandbox.ts";
import type { Exercise } from "../../exercises/suite.ts";
import type { Notebook } from "../../notebook/mod.ts";
import { chapterNumber } from "../../render/chapter.ts";
import { GraderThread, startGraderWorker } from "./grader_thread.ts";
import type {
  AnswerGrade,
  ExerciseText,
  GraderQuestion,
  GraderQuestions,
} from "./grader_worker.ts";
import type { ExerciseView } from "../protocol.ts";

export interface GraderOptions {
  /** How long the thread outlives its last question, in milliseconds. */
  readonly idleTime?: number;
  /** Limits of each answer, and how many rooms are kept ready for the next ones; two unless told. */
  readonly sandbox?: SandboxOptions;
  /** Starts the thread that checks; tests give another. */
  readonly start?: () => Worker;
}

/** What the server knows of an exercise: neither its functions nor its solution. */
export type ExerciseSummary = Pick<Exercise, "id" | "chapter" | "title" | "points" | "name">;

/** A chapter whose answers are to be checked. */
export interface GradedNotebook {
  /** The notebook's file name without `.ipynb`; its number tells which exercises count. */
  readonly name: string;
  readonly book: Notebook;
}

/** How far the exercises of a chapter are. */
export interface ChapterGrades {
  readonly name: string;
  readonly exercises: ExerciseView[];
}

/** An answer that was written: it has to run. */
interface Attempt {
  readonly exercise: ExerciseText;
  readonly source: string;
}

/** How many results are kept; those that were not asked for the longest go first. */
const keptResults = 2_000;

/**
 * Checks the answers in notebooks, as `deno task grade` does, in a thread that ends when nothing is asked of it for a
 * while. An answer that was checked before is not run again, whether that thread is still there or not.
 */
export class Grader implements AsyncDisposable {
  readonly #options: Required<GraderOptions>;
  readonly #results = new Map<string, Promise<AnswerGrade>>();
  readonly #ending = new Set<Promise<void>>();
  #exercises: Promise<readonly ExerciseText[]> | undefined;
  #thread: GraderThread | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor({ idleTime = 60_000, sandbox, start = startGraderWorker }: GraderOptions = {}) {
    this.#options = { idleTime, sandbox: { warm: 2, ...sandbox }, start };
  }

  /**
   * How far are these notebooks? Each counts for all exercises of its chapter: one that it has lost is not attempted.
   * One that cannot be read scores zero and stops no other.
   *
   * @throws {Error} when the thread that checks ends, or the grader is closed. The next call starts a new thread.
   */
  async grade(notebooks: readonly GradedNotebook[]): Promise<ChapterGrades[]> {
    const exercises = await this.#load();
    const found: { name: string; views: (ExerciseView | Attempt)[] }[] = [];
    for (const { name, book } of notebooks) {
      const own = exercises.filter(({ chapter }) => Number(chapter) === chapterNumber(name));
      found.push({ name, views: own.map((exercise) => look(book, exercise)) });
      // Reading all chapters takes a tenth of a second: what else waits comes between.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return await Promise.all(found.map(async ({ name, views }) => ({
      name,
      exercises: await Promise.all(
        views.map((view) => "source" in view ? this.#check(view) : view),
      ),
    })));
  }

  /** What are the exercises of the course? In the order of their ids. */
  async exercises(): Promise<ExerciseSummary[]> {
    const exercises = await this.#load();
    return exercises.map(({ id, chapter, title, points, name }) => ({
      id,
      chapter,
      title,
      points,
      name,
    }));
  }

  /**
   * The code of the solution of an exercise. Who may see it is for the caller to decide.
   *
   * @throws {RangeError} when the course has no such exercise.
   */
  async solution(id: string): Promise<string> {
    const exercise = (await this.#load()).find((exercise) => exercise.id === id);
    if (exercise !== undefined) return exercise.solution;
    throw new RangeError(
      `Cannot tell the solution as the exercise must be one of the course: current value is ${id}`,
    );
  }

  /** Ends the thread. Calls under way are rejected. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#rest();
    await Promise.all(this.#ending);
  }

  #load(): Promise<readonly ExerciseText[]> {
    return this.#exercises ??= this.#ask({ type: "exercises" }).catch((error) => {
      this.#exercises = undefined;
      throw error;
    });
  }

  async #check({ exercise, source }: Attempt): Promise<ExerciseView> {
    const key = `${exercise.id} ${digest(source)}`;
    const result = this.#results.get(key) ??
      this.#ask({ type: "grade", id: exercise.id, source }).catch((error) => {
        this.#results.delete(key);
        throw error;
      });
    this.#results.delete(key);
    this.#results.set(key, result);
    for (const oldest of this.#results.keys()) {
      if (this.#results.size <= keptResults) break;
      this.#results.delete(oldest);
    }
    return view(exercise, await result);
  }

  async #ask<Q extends GraderQuestion>(question: Q): Promise<GraderQuestions[Q["type"]]["answer"]> {
    if (this.#closed) throw new Error("Cannot check answers as the grader is closed");
    clearTimeout(this.#idle);
    const { start, sandbox, idleTime } = this.#options;
    if (!this.#thread || this.#thread.failure) this.#thread = new GraderThread(start(), sandbox);
    const thread = this.#thread;
    try {
      return await thread.ask(question);
    } finally {
      if (thread === this.#thread && !thread.busy) {
        clearTimeout(this.#idle);
        this.#idle = setTimeout(() => this.#rest(), idleTime);
      }
    }
  }

  /** Lets the thread end; the next question starts another. */
  #rest(): void {
    clearTimeout(this.#idle);
    const ending = this.#thread?.close().finally(() => this.#ending.delete(ending!));
    this.#thread = undefined;
    if (ending) this.#ending.add(ending);
  }
}

function view(
  { id, title, points }: ExerciseText,
  { status, earned }: AnswerGrade,
): ExerciseView {
  return { id, title, points, earned, status };
}

/** Looks for the answer to an exercise in a notebook. Without one there is nothing to run. */
function look(book: Notebook, exercise: ExerciseText): ExerciseView | Attempt {
  try {
    // Of an exercise, finding its answer takes the id, the name and the stub: all of them are text.
    const answer = findAnswer(book, exercise);
    if (answer?.attempted) return { exercise, source: answer.source };
    return view(exercise, { status: "not attempted", earned: 0 });
  } catch {
    return view(exercise, { status: "failed", earned: 0 });
  }
}
