import { type Cell, type Notebook, text } from "../../notebook/mod.ts";
import type { ConflictView } from "../protocol.ts";
import type { Version } from "./version.ts";

/** How the file differs from the chapter as it is open. */
export function conflictBetween(mine: Notebook, file: Version): ConflictView {
  if (file.unreadable !== "") return { cells: [], unreadable: file.unreadable };
  return { cells: differingCells(mine, file.book), unreadable: "" };
}

/**
 * The numbers, from 1, of the cells that differ by id or source: those that the other notebook lacks or has otherwise,
 * and those that only the other has, by their number there. Where the same cells stand in another order, those that
 * moved.
 */
export function differingCells(one: Notebook, other: Notebook): number[] {
  const found = new Set([...missing(one, other, key), ...missing(other, one, ({ id }) => id)]);
  if (found.size === 0) {
    one.cells.forEach(({ id }, index) => id !== other.cells[index]?.id && found.add(index + 1));
  }
  return [...found].sort((a, b) => a - b);
}

/** The numbers of cells whose likes are not in the other notebook. */
function missing(one: Notebook, other: Notebook, likeness: (cell: Cell) => string): number[] {
  const there = new Set(other.cells.map(likeness));
  return one.cells.flatMap((cell, index) => there.has(likeness(cell)) ? [] : [index + 1]);
}

function key({ id, cell_type, source }: Cell): string {
  return JSON.stringify([id, cell_type, text(source)]);
}
