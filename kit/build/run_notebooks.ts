import { dirname, resolve } from "node:path";
import type { NotebookCells } from "../check/mod.ts";
import { type CellEvent, runNotebook } from "../kernel/mod.ts";
import type { Notebook } from "../notebook/mod.ts";

/** How notebooks are run. */
export interface RunManyOptions {
  readonly root: string;
  readonly onCell?: (event: CellEvent) => void;
  /** A notebook has run; what this does to it (write it, compare it) belongs to its run. */
  readonly onBook: (
    notebook: NotebookCells,
    book: Notebook,
    seconds: number,
  ) => void | Promise<void>;
  /** A notebook could not be run, or `onBook` failed. */
  readonly onFailure: (notebook: NotebookCells, error: Error) => void;
  readonly signal?: AbortSignal;
}

/** Each kernel is a process of some hundred megabytes, and most laptops have cores for two. */
const parallel = Math.min(2, navigator.hardwareConcurrency);

/**
 * Runs notebooks, two at a time. One that fails does not stop the others.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function runNotebooks(
  notebooks: readonly NotebookCells[],
  { root, onCell, onBook, onFailure, signal }: RunManyOptions,
): Promise<void> {
  const queue = notebooks.values();
  const worker = async () => {
    for (const notebook of queue) {
      signal?.throwIfAborted();
      const { path, book } = notebook;
      const begun = performance.now();
      try {
        const cwd = dirname(resolve(root, path));
        const run = await runNotebook(book, path, {
          cwd,
          ...(onCell && { onCell }),
          ...(signal && { signal }),
        });
        await onBook(notebook, run, (performance.now() - begun) / 1000);
      } catch (error) {
        signal?.throwIfAborted();
        onFailure(notebook, error instanceof Error ? error : new Error(String(error)));
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: parallel }, worker));
  for (const worker of workers) if (worker.status === "rejected") throw worker.reason;
}
