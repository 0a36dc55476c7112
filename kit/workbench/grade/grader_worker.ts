/**
 * The thread that checks answers. It alone imports the exercises and what they need of the library, which takes half a
 * second and much memory; all of that goes when the thread ends. Each answer runs in a sandbox of its own.
 */
import { exercises } from "../../../tests/exercises/mod.ts";
import { AnswerError } from "../../exercises/answer_error.ts";
import { runChecks, type Status } from "../../exercises/run.ts";
import { type Sandbox, Sandboxes, type SandboxOptions } from "../../exercises/sandbox.ts";
import type { Exercise } from "../../exercises/suite.ts";

/** What can be copied of an exercise: all but its functions. */
export type ExerciseText = Omit<Exercise, "reference" | "checks" | "mistakes">;

/** How an answer went. */
export interface AnswerGrade {
  readonly status: Status;
  readonly earned: number;
}

/** What the thread can be asked, and what it answers. `source` hands the answer over with `check(id, …)`. */
export interface GraderQuestions {
  exercises: { ask: Record<never, never>; answer: ExerciseText[] };
  grade: { ask: { id: string; source: string }; answer: AnswerGrade };
}

/** A question, with its name. */
export type GraderQuestion = {
  [Name in keyof GraderQuestions]: { type: Name } & GraderQuestions[Name]["ask"];
}[keyof GraderQuestions];

/** What the thread hears: its limits first, then questions with a number each. */
export type GraderRequest =
  | { type: "open"; sandbox: SandboxOptions }
  | { type: "ask"; call: number; question: GraderQuestion }
  | { type: "close" };

/** What it says: the answer to a question, or why there is none, and at last that its sandboxes are closed. */
export type GraderReply =
  | { type: "answer"; call: number; answer: unknown }
  | { type: "refusal"; call: number; message: string }
  | { type: "closed" };

const report = (reply: GraderReply) =>
  (globalThis as unknown as { postMessage(reply: GraderReply): void }).postMessage(reply);

/** How many answers run at the same time. */
const lanes = Math.max(2, navigator.hardwareConcurrency);
const waiting: (() => Promise<void>)[] = [];
const running = new Set<Promise<void>>();
const open = new Set<Sandbox>();
let sandboxes = new Sandboxes();
let closing = false;

async function lane(): Promise<void> {
  for (let task = waiting.shift(); task; task = waiting.shift()) await task();
}

function enqueue(task: () => Promise<void>): void {
  waiting.push(task);
  if (running.size >= lanes) return;
  const work = lane().finally(() => running.delete(work));
  running.add(work);
}

async function grade(id: string, source: string): Promise<AnswerGrade> {
  const exercise = exercises.find((exercise) => exercise.id === id);
  if (exercise === undefined) {
    throw new RangeError(
      `Cannot check an answer as its exercise must be one of the course: current value is ${id}`,
    );
  }
  await using sandbox = sandboxes.open(source, id);
  open.add(sandbox);
  const { status, earned } = await runChecks(exercise, async (...args) => {
    // A stopped answer would get a new room for its next call.
    if (closing) throw new AnswerError("the grader is closed");
    return await sandbox.answer(...args);
  });
  open.delete(sandbox);
  return { status, earned };
}

async function respond(call: number, work: () => unknown): Promise<void> {
  try {
    report({ type: "answer", call, answer: await work() });
  } catch (error) {
    report({ type: "refusal", call, message: (error as Error).message });
  }
}

async function close(): Promise<void> {
  closing = true;
  waiting.length = 0;
  await Promise.all([...open].map((sandbox) => sandbox[Symbol.asyncDispose]()));
  await Promise.all(running);
  await sandboxes[Symbol.asyncDispose]();
  report({ type: "closed" });
}

addEventListener("message", (event) => {
  const request = (event as MessageEvent<GraderRequest>).data;
  if (request.type === "open") sandboxes = new Sandboxes(request.sandbox);
  else if (request.type === "close") void close();
  else {
    const { call, question } = request;
    if (question.type === "grade") {
      const { id, source } = question;
      enqueue(() => respond(call, () => grade(id, source)));
    } else {
      void respond(
        call,
        () => exercises.map(({ reference: _, checks: __, mistakes: ___, ...text }) => text),
      );
    }
  }
});
