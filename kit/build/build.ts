import { resolve } from "node:path";
import {
  checkTypes,
  formatProblem,
  type NotebookCells,
  type Problem,
  readNotebooks,
} from "../check/mod.ts";
import { type Notebook, serializeNotebook, writeAtomically } from "../notebook/mod.ts";
import { describeSources, withRecord } from "./build_record.ts";
import { staleness } from "./freshness.ts";
import { notebookName, Progress } from "./progress.ts";
import { runNotebooks } from "./run_notebooks.ts";

export interface BuildOptions {
  /** The folder of deno.json. */
  readonly root: string;
  /** Paths from the root. */
  readonly notebooks: readonly string[];
  /** Runs fresh notebooks too. */
  readonly force?: boolean;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** What became of the notebooks, by their paths. */
export interface BuildResult {
  readonly ran: readonly string[];
  readonly fresh: readonly string[];
  /** These files are as they were. */
  readonly failed: readonly { readonly notebook: string; readonly message: string }[];
}

/** A cell that may throw may also be wrong in other ways: it is a learner's unfinished answer. */
function stopsTheRun({ cells, book }: NotebookCells, { cell: number, kind }: Problem): boolean {
  const cell = book.cells[number - 1];
  return kind === "type" && cells.length > 0 && !cell?.metadata.tags?.includes("raises-exception");
}

/**
 * Brings the outputs of notebooks up to date: runs those that are stale, and writes outputs and the record of what they
 * came from in one step. Cells of stale notebooks are type-checked before any runs. A notebook that fails stays as it is
 * on disk, and the others are built all the same.
 */
export async function buildNotebooks(
  { root, notebooks: paths, force = false, progress = new Progress(() => {}, false), signal }:
    BuildOptions,
): Promise<BuildResult> {
  const ran: string[] = [];
  const failed: { notebook: string; message: string }[] = [];
  const fail = (notebook: string, message: string) => {
    failed.push({ notebook, message });
    progress.line(message);
  };
  const { notebooks, unreadable } = await readNotebooks(paths, root);
  for (const problem of unreadable) fail(problem.notebook, formatProblem(problem));
  const records = new Map(
    (await describeSources(notebooks, root)).map((record, index) => [notebooks[index], record]),
  );
  const reasons = new Map(notebooks.map((notebook) => {
    const record = records.get(notebook);
    return [notebook, record ? staleness(notebook.book, record) : []];
  }));
  const stale = notebooks.filter((notebook) => force || reasons.get(notebook)?.length !== 0);
  const problems = Map.groupBy(await checkTypes(stale, root), ({ notebook }) => notebook);
  const sound = stale.filter((notebook) => {
    const found = problems.get(notebook.path) ?? [];
    const fatal = found.some((problem) => stopsTheRun(notebook, problem));
    const message = found.map(formatProblem).join("\n");
    if (fatal) fail(notebook.path, message);
    else if (found.length > 0) progress.line(message);
    return !fatal;
  });
  for (const notebook of sound) {
    const why = reasons.get(notebook)?.join(", ") || "asked for";
    progress.line(`${notebookName(notebook.path)}  to be run: ${why}`);
  }
  await runNotebooks(sound, {
    root,
    onCell: (event) => progress.cell(event),
    async onBook(notebook, book, seconds) {
      const record = records.get(notebook);
      await replace(notebook, record ? withRecord(book, record) : book, root);
      ran.push(notebook.path);
      progress.end(notebook.path);
      progress.line(`${notebookName(notebook.path)}  run in ${seconds.toFixed(1)} s`);
    },
    onFailure(notebook, error) {
      progress.end(notebook.path);
      fail(notebook.path, error.message);
    },
    ...(signal && { signal }),
  });
  const fresh = notebooks.filter((notebook) => !stale.includes(notebook)).map(({ path }) => path);
  return { ran: paths.filter((path) => ran.includes(path)), fresh, failed };
}

/** Writes a notebook, unless someone has edited it while it ran. */
async function replace({ path, json }: NotebookCells, book: Notebook, root: string): Promise<void> {
  const file = resolve(root, path);
  if (await Deno.readTextFile(file) !== json) {
    throw new Error(
      `Cannot write the outputs of ${path} as it was edited while it ran: build it again`,
    );
  }
  const after = serializeNotebook(book);
  if (after !== json) await writeAtomically(file, after);
}
