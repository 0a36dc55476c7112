import { dirname, resolve } from "node:path";
import {
  type Notebook,
  parseNotebook,
  serializeNotebook,
  writeAtomically,
} from "../notebook/mod.ts";
import { runNotebook, type RunOptions } from "./run_notebook.ts";

/**
 * Runs a notebook file in its own folder and writes its outputs into it. When a cell fails, the file stays as it is.
 *
 * @throws {CellError} when a cell fails.
 * @throws {SyntaxError} when the file is no notebook.
 */
export async function runFile(
  path: string,
  options: Omit<RunOptions, "cwd"> = {},
): Promise<Notebook> {
  const before = await Deno.readTextFile(path);
  const book = await runNotebook(parseNotebook(before, path), path, {
    ...options,
    cwd: dirname(resolve(path)),
  });
  const after = serializeNotebook(book);
  if (after !== before) await writeAtomically(path, after);
  return book;
}

/**
 * Runs several notebook files, each in its own kernel, as many at a time as `parallel` says: by default two, or one on a
 * machine with one core. The first failure ends the runs that are under way; notebooks that were done before are written.
 *
 * @throws whatever the first failing {@linkcode runFile} throws.
 */
export async function runFiles(
  paths: readonly string[],
  options: Omit<RunOptions, "cwd"> & { parallel?: number } = {},
): Promise<Notebook[]> {
  const { parallel = Math.min(2, navigator.hardwareConcurrency), signal, ...others } = options;
  if (!(Number.isInteger(parallel) && parallel > 0)) {
    throw new RangeError(
      `Cannot run notebooks: parallel must be an integer from 1: current value is ${parallel}`,
    );
  }
  const stop = new AbortController();
  const signals = AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]);
  const books: Notebook[] = [];
  const queue = paths.entries();
  const worker = async () => {
    for (const [index, path] of queue) {
      books[index] = await runFile(path, { ...others, signal: signals });
    }
  };
  const workers = Array.from({ length: parallel }, () =>
    worker().catch((error) => {
      stop.abort(error);
      throw error;
    }));
  // All are waited for, so that nothing runs on; the reason of the abort is the first failure.
  const failed = (await Promise.allSettled(workers)).some(({ status }) => status === "rejected");
  if (failed) throw signals.reason;
  return books;
}
