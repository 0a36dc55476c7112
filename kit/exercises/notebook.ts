/**
 * What a notebook imports: `import { check, hint } from "@fewer-bytes/exercises"`.
 *
 * Inside the Deno Jupyter kernel a card is displayed; anywhere else its text is printed.
 */
import { exercises } from "../../tests/exercises/mod.ts";
import { isStub } from "./answer_cell.ts";
import { type Card, cardHtml, cardText } from "./card.ts";
import { inProcess, runChecks } from "./run.ts";
import type { AnswerFunction, Exercise } from "./suite.ts";

/** How many hints of an exercise are shown; a restart of the kernel starts over. */
const revealed = new Map<string, number>();

function reveal({ id }: Exercise): number {
  const count = Math.min(3, (revealed.get(id) ?? 0) + 1);
  revealed.set(id, count);
  return count;
}

function find(id: string): Exercise {
  const exercise = exercises.find((exercise) => exercise.id === id);
  if (exercise) return exercise;
  const chapter = exercises.filter((exercise) => exercise.chapter === String(id).slice(0, 2));
  const known = (chapter.length > 0 ? chapter : exercises).map((exercise) => exercise.id).join(
    ", ",
  );
  throw new RangeError(
    `Cannot find the exercise as its id must be one of ${known}: current value is ${id}`,
  );
}

/** The display function of the kernel. Outside of it, `Deno.jupyter` throws at the first touch. */
function display(): typeof Deno.jupyter.display | undefined {
  try {
    return Deno.jupyter.display;
  } catch {
    return undefined;
  }
}

async function show(card: Card): Promise<void> {
  const send = display();
  if (send === undefined) return console.log(cardText(card));
  await send({ "text/html": cardHtml(card), "text/plain": cardText(card) }, { raw: true });
  // The kernel may lose what is sent in the last moment of a cell.
  await new Promise((resolve) => setTimeout(resolve, 20));
}

/** An answer that is not right yet. The card above has said why, so the error is short and has no stack. */
export class NotYet extends Error {
  override name = "NotYet";

  constructor(message: string) {
    super(message);
    this.stack = `NotYet: ${message}`;
  }
}

/**
 * Checks an answer and shows how each check went: `await check("01.1", ridgePoint)`.
 *
 * Each failure reveals one more hint: a nudge, the formula, the worked solution. A stub that was not touched is no
 * failure.
 *
 * @param id The exercise, as "01.1".
 * @param answer The function that solves it.
 * @throws {NotYet} when a check fails, so that the cell fails too.
 * @throws {RangeError} when there is no such exercise; the message lists the ones there are.
 * @throws {TypeError} when the answer is not a function.
 */
export async function check(id: string, answer: AnswerFunction): Promise<void> {
  const exercise = find(id);
  if (typeof answer !== "function") {
    throw new TypeError(
      `Cannot check ${id} as ${exercise.name} must be a function: current value is ${answer}`,
    );
  }
  const outcome = await runChecks(exercise, inProcess(answer));
  if (outcome.status === "passed") return await show({ exercise, outcome, revealed: 0 });
  if (isStub(answer, exercise)) return await show({ exercise, revealed: 0 });
  await show({ exercise, outcome, revealed: reveal(exercise) });
  const passed = outcome.checks.filter((check) => check.passed).length;
  const counts = `${passed} of ${outcome.checks.length} checks passed`;
  throw new NotYet(
    `Exercise ${id}: ${counts}, ${outcome.earned} of ${outcome.points} points. The card above says more.`,
  );
}

/**
 * Shows one more hint for an exercise, and the ones before it: `await hint("01.1")`.
 *
 * @throws {RangeError} when there is no such exercise.
 */
export async function hint(id: string): Promise<void> {
  const exercise = find(id);
  await show({ exercise, revealed: reveal(exercise) });
}
