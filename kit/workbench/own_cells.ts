import { type CodeCell, lines, type Notebook } from "../notebook/mod.ts";

/** An empty cell for code, which no slide shows. */
function emptyCell(id: string): CodeCell {
  return {
    cell_type: "code",
    id,
    metadata: { slideshow: { slide_type: "skip" } },
    source: lines(""),
    execution_count: null,
    outputs: [],
  };
}

/**
 * Adds a cell of the learner's own below another one.
 *
 * @param id of the new cell
 * @throws {RangeError} when there is no cell to put it below.
 */
export function addCell(book: Notebook, below: string, id: string): Notebook {
  const position = book.cells.findIndex((cell) => cell.id === below);
  if (position < 0) {
    throw new RangeError(
      `Cannot add a cell as it must go below one of the chapter: current value is ${below}`,
    );
  }
  return { ...book, cells: book.cells.toSpliced(position + 1, 0, emptyCell(id)) };
}

/**
 * Removes a cell that the learner has added.
 *
 * @param original the chapter as the course has it, whose cells stay
 * @throws {RangeError} when there is no such cell, or it is the course's.
 */
export function removeCell(book: Notebook, original: Notebook, id: string): Notebook {
  const cells = book.cells.filter((cell) => cell.id !== id);
  if (cells.length === book.cells.length || !isOwn(original, id)) {
    throw new RangeError(
      `Cannot remove the cell as it must be one that was added: current value is ${id}`,
    );
  }
  return { ...book, cells };
}

/** Whether a cell is not the course's. */
export function isOwn(original: Notebook, id: string): boolean {
  return original.cells.every((cell) => cell.id !== id);
}
