/** Runs the checks of an exercise on an answer, and adds up the points. */
import { AnswerError } from "./answer_error.ts";
import { Mismatch } from "./expect.ts";
import { tooLong, unsendable } from "./sandbox_room.ts";
import { show } from "./show.ts";
import type { AnswerFunction, AnyAnswer, Exercise } from "./suite.ts";

/** How an exercise went. */
export type Status = "passed" | "partial" | "failed" | "not attempted";

/** How one check went. */
export interface CheckOutcome {
  name: string;
  passed: boolean;
  /** What is wrong, in one sentence; empty when it passed. */
  message: string;
  points: number;
  earned: number;
  /** The call that failed, where it is known which one: `ridgePoint(9.89e+14, 3.35e+12)`. */
  call?: string;
  /** The expected value and the learner's, with their unit, where the failure is about a value. */
  values?: { expected: string; actual: string; advice: string };
}

/** How a whole exercise went. */
export interface Outcome {
  exercise: Exercise;
  status: Status;
  points: number;
  earned: number;
  checks: CheckOutcome[];
}

function explain(error: unknown): Pick<CheckOutcome, "message" | "values"> {
  if (error instanceof Mismatch && error.expected !== undefined && error.actual !== undefined) {
    return {
      message: error.message,
      values: { expected: error.expected, actual: error.actual, advice: error.advice },
    };
  }
  if (error instanceof Mismatch || error instanceof AnswerError) return { message: error.message };
  return {
    message: `your result cannot be checked: ${
      error instanceof Error ? error.message : String(error)
    }`,
  };
}

interface Call {
  args: unknown[];
  value?: unknown;
}

/** The call that an error is about: the one that returned the wrong value, or threw, or the only one. */
function failedCall(calls: readonly Call[], error: unknown): Call | undefined {
  if (error instanceof AnswerError || calls.length === 1) return calls.at(-1);
  if (!(error instanceof Mismatch) || error.expected === undefined) return undefined;
  return calls.findLast(({ value }) => Object.is(value, error.value));
}

/** Runs every check of an exercise, one after another; a failed one stops nothing else. */
export async function runChecks(exercise: Exercise, answer: AnyAnswer): Promise<Outcome> {
  const checks: CheckOutcome[] = [];
  for (const { name, points, run } of exercise.checks) {
    const calls: Call[] = [];
    try {
      await run(async (...args) => {
        const call: Call = { args };
        calls.push(call);
        call.value = await answer(...args);
        return call.value;
      });
      checks.push({ name, passed: true, message: "", points, earned: points });
    } catch (error) {
      const call = failedCall(calls, error);
      const words = call && `${exercise.name}(${call.args.map((arg) => show(arg)).join(", ")})`;
      const shown = words !== undefined && words.length <= 100 ? { call: words } : {};
      checks.push({ name, passed: false, points, earned: 0, ...shown, ...explain(error) });
    }
  }
  const earned = checks.reduce((sum, check) => sum + check.earned, 0);
  const status = earned === exercise.points ? "passed" : earned === 0 ? "failed" : "partial";
  return { exercise, status, points: exercise.points, earned, checks };
}

/**
 * Calls a function of this process as the sandbox would: copies in, a copy out, a limit on waiting.
 *
 * A loop that never ends is not stopped: nothing in the same thread can do that.
 */
export function inProcess(answer: AnswerFunction, timeLimit = 5_000): AnyAnswer {
  return async (...args) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(tooLong(timeLimit)), timeLimit);
    });
    try {
      const copies = structuredClone(args) as never[];
      const value = await Promise.race([Promise.resolve().then(() => answer(...copies)), limit])
        .catch((error) => {
          if (error instanceof AnswerError) throw error;
          throw error instanceof Error
            ? new AnswerError(`your code threw ${error.name}: ${error.message}`, { thrown: true })
            : new AnswerError(`your code threw a value that is no Error: ${show(error)}`, {
              thrown: true,
            });
        });
      try {
        return structuredClone(value);
      } catch {
        throw unsendable(typeof value);
      }
    } finally {
      clearTimeout(timer);
    }
  };
}
