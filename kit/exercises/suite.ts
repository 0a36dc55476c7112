/**
 * What an exercise is: one suite of checks that is the library's own test, the proof that the checks can fail, the
 * feedback in the notebook, and the grader.
 */
import { defines, tokens } from "./tokens.ts";

/** Any function that can be the answer to an exercise. */
export type AnswerFunction = (...args: never[]) => unknown;

/**
 * How a check calls an answer: always awaited, as the grader calls it in another thread.
 *
 * Inputs and results are copied by structured clone, so they are plain data and typed arrays, never functions.
 */
export type Answer<F extends AnswerFunction> = (
  ...args: Parameters<F>
) => Promise<Awaited<ReturnType<F>>>;

/** An answer whose types are not known any more. */
export type AnyAnswer = (...args: unknown[]) => Promise<unknown>;

/** One thing that an answer must do. */
export interface CheckDefinition<F extends AnswerFunction> {
  /** A contract sentence: "divides the peak rate by the bandwidth". */
  name: string;
  /** Its part of the exercise's points. Either all checks state it, or none does and they share evenly. */
  points?: number;
  /** Throws when the answer is wrong; the helpers in expect.ts find the words. */
  run: (answer: Answer<F>) => Promise<void> | void;
}

/** A plausible wrong answer, and the word or pattern that the message about it must contain. */
export interface MistakeDefinition<F extends AnswerFunction> {
  /** What went wrong: "divides the wrong way round". */
  title: string;
  answer: F;
  caught: string | RegExp;
}

/** What an author writes down. */
export interface ExerciseDefinition<F extends AnswerFunction> {
  /** Chapter and number: "01.1". */
  id: string;
  title: string;
  /** A whole number. */
  points: number;
  /** The name that the learner defines. */
  name: string;
  /** The code that the learner starts from: it defines the name, runs, and passes no check. */
  stub: string;
  /** Nudge, formula, worked solution, in Markdown. The third holds the solution as one block of ts code. */
  hints: readonly [nudge: string, formula: string, worked: string];
  /** The function of the library, or an adapter over it. */
  reference: F;
  checks: readonly CheckDefinition<NoInfer<F>>[];
  mistakes: readonly MistakeDefinition<NoInfer<F>>[];
}

/** An exercise, ready to be run: its points are shared out and its types erased, so that all fit in one list. */
export interface Exercise {
  readonly id: string;
  /** The part of the id before the point: "01". */
  readonly chapter: string;
  readonly title: string;
  readonly points: number;
  readonly name: string;
  readonly stub: string;
  readonly hints: readonly [nudge: string, formula: string, worked: string];
  /** The code of the third hint. */
  readonly solution: string;
  readonly reference: AnswerFunction;
  readonly checks: readonly {
    name: string;
    points: number;
    run: (answer: AnyAnswer) => Promise<void> | void;
  }[];
  readonly mistakes: readonly { title: string; answer: AnswerFunction; caught: string | RegExp }[];
}

/**
 * Shares points over checks in whole numbers, so that they add up exactly; the first checks get what is left over.
 *
 * @throws {RangeError} when only some checks state their points, or they do not add up to the exercise's.
 */
export function sharePoints(points: number, stated: readonly (number | undefined)[]): number[] {
  const fail = (rule: string, current: unknown): never => {
    throw new RangeError(
      `Cannot share ${points} points over ${stated.length} checks: ${rule}: current value is ${current}`,
    );
  };
  if (!Number.isInteger(points) || points < 1) fail("points must be a whole number from 1", points);
  const given = stated.filter((share) => share !== undefined);
  if (given.length === 0) {
    if (points < stated.length) fail("there must be at least one point a check", points);
    return stated.map((_, index) =>
      Math.floor(points / stated.length) + (index < points % stated.length ? 1 : 0)
    );
  }
  if (given.length < stated.length) {
    fail("all checks must state their points, or none", `${given.length} stated`);
  }
  if (given.some((share) => !Number.isInteger(share) || share < 1)) {
    fail("each must be a whole number from 1", given);
  }
  const total = given.reduce((sum, share) => sum + share, 0);
  if (total !== points) fail(`they must add up to ${points}`, total);
  return given;
}

/**
 * Defines an exercise, and refuses one that could not work.
 *
 * @example
 * ```ts ignore
 * defineExercise({
 *   id: "01.1",
 *   title: "Where is the ridge?",
 *   points: 10,
 *   name: "ridgePoint",
 *   stub: `function ridgePoint(peak: number, bandwidth: number): number {\n  return NaN; // your turn\n}`,
 *   hints: ["…", "…", "…\n\n```ts\nfunction ridgePoint(…) { … }\n```"],
 *   reference: ridgePoint,
 *   checks: [{
 *     name: "divides the peak rate by the bandwidth",
 *     run: async (ridge) => expectNumber(await ridge(989e12, 3.35e12), 295.2, { unit: "FLOP/byte", tolerance: 1e-3 }),
 *   }],
 *   mistakes: [{ title: "divides the wrong way round", answer: (peak, bandwidth) => bandwidth / peak, caught: "upside down" }],
 * });
 * ```
 * @throws {TypeError} when a part is missing or does not fit the others.
 */
export function defineExercise<F extends AnswerFunction>(
  definition: ExerciseDefinition<F>,
): Exercise {
  const { id, title, points, name, stub, hints, checks, mistakes } = definition;
  const demand = (holds: boolean, rule: string, current: unknown) => {
    if (!holds) {
      throw new TypeError(
        `Cannot define exercise ${id} as ${rule}: current value is ${JSON.stringify(current)}`,
      );
    }
  };
  const texts = (items: readonly string[]) => items.every((item) => item.trim() !== "");
  const distinct = (items: readonly string[]) =>
    texts(items) && new Set(items).size === items.length;

  demand(
    /^\d\d\.[1-9]\d*$/.test(id),
    `an id must be a chapter of two digits, a point, and a number`,
    id,
  );
  demand(texts([title]), "it must have a title", title);
  demand(/^[A-Za-z_$][\w$]*$/.test(name), "the name must be an identifier", name);
  demand(defines(tokens(stub), name), `the stub must define ${name}`, stub);
  demand(
    hints.length === 3 && texts(hints),
    "hints must be three texts: nudge, formula, worked",
    hints,
  );
  const solution = /```ts\n([\s\S]*?)\n```/.exec(hints[2])?.[1] ?? "";
  demand(
    defines(tokens(solution), name),
    `the third hint must define ${name} in a block of ts code`,
    hints[2],
  );
  demand(
    checks.length > 0 && distinct(checks.map((check) => check.name)),
    "checks must have distinct names",
    checks,
  );
  demand(
    mistakes.length > 0 && distinct(mistakes.map((m) => m.title)),
    "mistakes must have distinct titles",
    mistakes,
  );
  demand(
    mistakes.every(({ caught }) => caught instanceof RegExp || texts([caught])),
    "caught must not be empty",
    "",
  );

  const shares = sharePoints(points, checks.map((check) => check.points));
  return {
    id,
    chapter: id.slice(0, 2),
    title,
    points,
    name,
    stub,
    hints,
    solution,
    reference: definition.reference,
    checks: checks.map(({ name, run }, index) => ({
      name,
      points: shares[index] ?? 0,
      run: run as (answer: AnyAnswer) => Promise<void> | void,
    })),
    mistakes,
  };
}

/** The cell that a learner gets, and gets back on a reset. */
export function exerciseCell({ id, title, name, stub }: Exercise): string {
  return `// Exercise ${id}: ${title}\n${stub.trim()}\nawait check("${id}", ${name});`;
}
