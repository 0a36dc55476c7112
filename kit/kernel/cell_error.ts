import type { Failure } from "./failure.ts";

/** A cell of a notebook failed. The message names both, and begins with the cell's first line. */
export class CellError extends Error {
  override readonly name = "CellError";
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];

  /**
   * @param notebook the notebook's name
   * @param cell the cell's position among all cells, counted from 1
   * @param cellId the cell's id, which stays when cells are moved
   */
  constructor(
    readonly notebook: string,
    readonly cell: number,
    readonly cellId: string,
    source: string,
    { ename, evalue, traceback }: Failure,
  ) {
    const firstLine = source.split("\n").map((line) => line.trim()).find((line) => line !== "") ??
      "";
    const frames = traceback.filter((line) => /^\s+at /.test(line)).map((line) => `\n${line}`).join(
      "",
    );
    super(`Cannot run ${notebook}, cell ${cell} (${firstLine}): ${ename}: ${evalue}${frames}`);
    this.ename = ename;
    this.evalue = evalue;
    this.traceback = traceback;
  }
}
