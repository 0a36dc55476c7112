import { codeCells, type Notebook, text } from "../notebook/mod.ts";
import { type BuildRecord, readRecord } from "./build_record.ts";

/**
 * Why would running a notebook again perhaps give other outputs than it has? Because something that they came from has
 * changed: the code of a cell, a file that the cells import, a locked package, or Deno. Prose does not count, and neither
 * do the outputs themselves: whoever runs cells in Jupyter does not make a notebook stale.
 *
 * @param current what the outputs would come from now
 * @returns reasons to print; none when the notebook is fresh.
 */
export function staleness(book: Notebook, current: BuildRecord): string[] {
  const cells = codeCells(book).filter(({ cell }) => text(cell.source).trim() !== "");
  const unrun = cells.filter(({ cell }) => cell.execution_count === null);
  const record = readRecord(book);
  if (!record) {
    return [
      unrun.length === cells.length ? "never run" : "its outputs were not made by deno task build",
    ];
  }
  const reasons = [
    ...record.deno === current.deno
      ? []
      : [`built with Deno ${record.deno}, this is ${current.deno}`],
    ...record.lockfile === current.lockfile ? [] : ["the lockfile changed"],
    ...changedCells(book, record, current),
    ...changedModules(record, current),
  ];
  if (reasons.length === 0 && unrun.length === cells.length && cells.length > 0) {
    return ["it has no outputs recorded"];
  }
  return [...reasons, ...unrun.map(({ number }) => `cell ${number} has no output recorded`)];
}

function changedCells(
  book: Notebook,
  { cells: before }: BuildRecord,
  { cells: now }: BuildRecord,
): string[] {
  const numbers = codeCells(book).map(({ number }) => number);
  if (before.length === now.length) {
    return numbers.filter((_, index) => before[index] !== now[index]).map((number) =>
      `cell ${number} changed`
    );
  }
  const first = now.findIndex((print, index) => print !== before[index]);
  const from = first < 0 ? "" : `, from cell ${numbers[first]} on`;
  return [`it has ${now.length} code cells where it had ${before.length}${from}`];
}

function changedModules(
  { modules: before, cells }: BuildRecord,
  { modules: now, cells: nowCells }: BuildRecord,
): string[] {
  const changed = Object.keys(now).filter((path) =>
    before[path] !== undefined && before[path] !== now[path]
  );
  if (changed.length > 0) {
    return changed.map((path) => `${path} ${now[path] === "missing" ? "is missing" : "changed"}`);
  }
  // A file comes or goes as another changes, which is then the reason; or the import map leads elsewhere.
  if (cells.join() !== nowCells.join()) return [];
  return [
    ...Object.keys(now).filter((path) => before[path] === undefined).map((path) =>
      `${path} is imported now`
    ),
    ...Object.keys(before).filter((path) => now[path] === undefined).map((path) =>
      `${path} is imported no longer`
    ),
  ];
}
