import { exerciseIds, findAnswer } from "../../exercises/answer_cell.ts";
import type { Exercise } from "../../exercises/suite.ts";
import { calls, tokens } from "../../exercises/tokens.ts";
import { type Cell, type CodeCell, lines, type Notebook, text } from "../../notebook/mod.ts";
import { replaceChecks } from "./replace_checks.ts";

/**
 * Gives an exercise back its stub: the cells that hold it in the course's copy are in the notebook as they are there,
 * code and outputs, found by their ids. One that is gone comes back after the nearest cell before it that is still
 * there.
 *
 * A cell of the learner's own keeps all its code. Where it hands in an answer to the same exercise further down, it
 * would still be the one that counts, so only that call is made a comment.
 *
 * @throws {RangeError} when the course's copy does not hold the exercise.
 */
export function resetExercise(book: Notebook, courseBook: Notebook, exerciseId: string): Notebook {
  const held = courseBook.cells.filter((cell) => checks(cell, exerciseId));
  if (held.length === 0) {
    throw new RangeError(
      `Cannot reset the exercise as the chapter must hold it: current value is ${exerciseId}`,
    );
  }
  let cells = book.cells;
  for (const original of held) {
    const position = cells.findIndex(({ id }) => id === original.id);
    cells = position >= 0
      ? cells.with(position, original)
      : cells.toSpliced(placeOf(original, cells, courseBook), 0, original);
  }
  return alone({ ...book, cells }, exerciseId, new Set(held.map(({ id }) => id)));
}

/**
 * The chapter as the course has it. With `keepAnswers`, each exercise that the learner has attempted keeps the answer
 * that counts, with what its cell shows; everything else is as in the course's copy.
 */
export function resetChapter(
  book: Notebook,
  courseBook: Notebook,
  { keepAnswers }: { keepAnswers: boolean },
): Notebook {
  let reset = courseBook;
  if (!keepAnswers) return reset;
  for (const id of exerciseIds(courseBook)) {
    const cell = courseBook.cells.findLast((cell) => checks(cell, id)) as CodeCell;
    const answer = findAnswer(book, exerciseOf(cell, id));
    if (!answer?.attempted) continue;
    const { execution_count, outputs } = book.cells[answer.number - 1] as CodeCell;
    const kept = { ...cell, source: lines(answer.source), execution_count, outputs };
    const cells = reset.cells.map((other) => other.id === cell.id ? kept : other);
    reset = { ...reset, cells };
  }
  // A cell of the learner may answer several exercises, and is the answer to one of them only.
  for (const id of exerciseIds(courseBook)) {
    const cell = courseBook.cells.findLast((cell) => checks(cell, id))!;
    reset = alone(reset, id, new Set([cell.id]));
  }
  return reset;
}

/** What a cell of the course says about its exercise, as far as finding an answer to it needs. */
function exerciseOf(cell: CodeCell, id: string): Pick<Exercise, "id" | "name" | "stub"> {
  const source = text(cell.source);
  const { argument = [] } = calls(tokens(source), "check").findLast((call) => call.id === id) ?? {};
  return { id, name: argument[0] ?? "", stub: replaceChecks(source, id, () => "") };
}

function checks(cell: Cell, exerciseId: string): boolean {
  return cell.cell_type === "code" &&
    calls(tokens(text(cell.source)), "check").some(({ id }) => id === exerciseId);
}

/** Where a cell of the course belongs among cells that lack it. */
function placeOf(original: Cell, cells: readonly Cell[], courseBook: Notebook): number {
  const before = courseBook.cells.slice(0, courseBook.cells.indexOf(original)).map(({ id }) => id);
  const nearest = before.findLast((id) => cells.some((cell) => cell.id === id));
  return cells.findIndex(({ id }) => id === nearest) + 1;
}

/** Has no cell but the given ones hand in the answer that counts: calls further down become comments. */
function alone(book: Notebook, exerciseId: string, ids: ReadonlySet<string>): Notebook {
  const first = book.cells.findIndex(({ id }) => ids.has(id));
  const cells = book.cells.map((cell, index) => {
    if (index <= first || ids.has(cell.id) || !checks(cell, exerciseId)) return cell;
    // `undefined` stands where the value of the call was used; a comment must not end inside it.
    const comment = (call: string) => `undefined /* ${call.replaceAll("*/", "* /")} */`;
    return { ...cell, source: lines(replaceChecks(text(cell.source), exerciseId, comment)) };
  });
  return { ...book, cells };
}
