import { errorOutput, type Failure } from "./failure.ts";
import type { ExecuteOptions, ExecuteResult, Kernel } from "./kernel.ts";
import { KernelStopped } from "./kernel_process.ts";
import { type CellReading, readCells } from "./read_cells.ts";

/**
 * Runs a cell and finds the reason where the kernel gives none: it says no more than "Execution failed" when a cell does
 * not parse or a package does not exist, and nothing at all when an imported name does not exist.
 *
 * @param reading what {@linkcode readCells} said about the cell; it is read here when it is needed and not given.
 */
export async function executeCell(
  kernel: Kernel,
  code: string,
  options: ExecuteOptions & { reading?: CellReading | undefined } = {},
): Promise<ExecuteResult> {
  const result = await kernel.execute(code, options);
  const unexplained = result.error?.evalue === "Execution failed" &&
    result.error.traceback.length === 0;
  if (result.status === "aborted" || !(unexplained || code.includes("import"))) return result;
  const reading = options.reading ?? (await readCells([code]))[0];
  let problem: Failure | undefined;
  try {
    problem = await problemOf(kernel, reading);
  } catch (error) {
    if (!(error instanceof KernelStopped)) throw error;
    return {
      ...result,
      status: "aborted",
      error: { ename: error.name, evalue: error.message, traceback: [] },
    };
  }
  // A module that fails to load says so itself; a missing export is the cause of what it led to.
  if (!problem || !(unexplained || problem.ename === "SyntaxError")) return result;
  const output = errorOutput(problem);
  result.outputs.push(output);
  options.onOutput?.({ type: "output", output });
  return { ...result, status: "error", error: problem };
}

async function problemOf(
  kernel: Kernel,
  reading: CellReading | undefined,
): Promise<Failure | undefined> {
  if (!reading) return undefined;
  if (reading.syntaxError === undefined) return await kernel.check(reading.imports);
  return { ename: "SyntaxError", evalue: reading.syntaxError, traceback: [] };
}
