import { type Cell, codeCells, type Notebook, type Output, text } from "../notebook/mod.ts";
import { CellError } from "./cell_error.ts";
import { executeCell } from "./execute_cell.ts";
import { Kernel } from "./kernel.ts";
import { readCells } from "./read_cells.ts";
import { storedOutput } from "./stored_output.ts";

/** Where the run has got to: a cell begins, or has ended when its seconds are there. Cells are counted from 1. */
export interface CellEvent {
  readonly notebook: string;
  readonly cell: number;
  readonly of: number;
  readonly seconds?: number;
}

/** How a notebook is run. */
export interface RunOptions {
  /** The folder against which cells import: the one where the notebook lies. */
  readonly cwd: string;
  /** How long a cell may take, in seconds; 120 by default. */
  readonly cellTimeout?: number;
  readonly onCell?: (event: CellEvent) => void;
  readonly signal?: AbortSignal;
}

/** The tag, also known to nbclient, of a cell that may fail: its error is shown and the run goes on. */
const mayFail = "raises-exception";

/**
 * Runs all code cells of a notebook in order in a fresh kernel. Returns a new notebook with their outputs, and execution
 * counts from 1; the given one stays as it is. The same cells give the same notebook on every machine.
 *
 * @throws {CellError} when a cell fails that is not tagged `raises-exception`, takes too long or ends the kernel.
 */
export async function runNotebook(
  book: Notebook,
  name: string,
  options: RunOptions,
): Promise<Notebook> {
  const { cwd, cellTimeout = 120, onCell, signal } = options;
  // A cell without code is not run, as in Jupyter.
  const cells = codeCells(book).map(({ cell, number }) => ({
    cell,
    number,
    code: text(cell.source),
  }))
    .filter(({ code }) => code.trim() !== "");
  const shown = new Map<Cell, Output[]>();
  if (cells.length > 0) {
    const [started, read] = await Promise.allSettled([
      Kernel.start({ cwd, signal }),
      readCells(cells.map(({ code }) => code)),
    ]);
    if (started.status === "rejected") throw signal?.aborted ? signal.reason : started.reason;
    await using kernel = started.value;
    if (read.status === "rejected") throw read.reason;
    for (const [index, { cell, number, code }] of cells.entries()) {
      signal?.throwIfAborted();
      const position = { notebook: name, cell: number, of: book.cells.length };
      onCell?.(position);
      const begun = performance.now();
      const result = await executeCell(kernel, code, {
        timeout: cellTimeout,
        reading: read.value[index],
      });
      signal?.throwIfAborted();
      const allowed = result.status === "error" && cell.metadata.tags?.includes(mayFail);
      if (result.error && !allowed) throw new CellError(name, number, cell.id, code, result.error);
      shown.set(cell, result.outputs);
      onCell?.({ ...position, seconds: (performance.now() - begun) / 1000 });
    }
  }
  let count = 0;
  const withOutputs = (cell: Cell): Cell => {
    if (cell.cell_type !== "code") return cell;
    const outputs = shown.get(cell);
    if (!outputs) return { ...cell, execution_count: null, outputs: [] };
    const execution_count = ++count;
    return {
      ...cell,
      execution_count,
      outputs: outputs.map((output) => storedOutput(output, execution_count)),
    };
  };
  return { ...book, cells: book.cells.map(withOutputs) };
}
