import { codeCells, type Notebook, type Output, text } from "../notebook/mod.ts";

/** A cell whose outputs differ between two runs, with the first line that does. */
export interface OutputDifference {
  readonly cell: number;
  readonly before: string;
  readonly after: string;
}

/** The tag of a cell whose outputs are never the same, such as a measured time. */
const volatile = "volatile";

/** What an output shows, line by line; how often cells were run does not count. */
function shown(output: Output): string[] {
  switch (output.output_type) {
    case "stream":
      return [`${output.name}:`, ...text(output.text).split("\n")];
    case "error":
      return [`error ${output.ename}: ${output.evalue}`, ...output.traceback];
    default:
      return Object.entries(output.data).toSorted(([a], [b]) => a < b ? -1 : 1).flatMap((
        [type, value],
      ) => [
        `${type}:`,
        ...contentOf(value).split("\n"),
      ]);
  }
}

function contentOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) {
    return value.join("");
  }
  return JSON.stringify(value);
}

/**
 * Do two runs of the same notebook show the same? Outputs are compared as text, character by character, except those of
 * cells tagged `volatile`.
 */
export function compareOutputs(before: Notebook, after: Notebook): OutputDifference[] {
  const afterwards = codeCells(after);
  return codeCells(before).flatMap(({ cell, number }, index) => {
    const other = afterwards[index]?.cell;
    if (cell.metadata.tags?.includes(volatile)) return [];
    const [was, is] = [cell.outputs.flatMap(shown), other?.outputs.flatMap(shown) ?? []];
    const length = Math.max(was.length, is.length);
    const line = Array.from({ length }, (_, line) => line).find((line) => was[line] !== is[line]);
    return line === undefined
      ? []
      : [{ cell: number, before: was[line] ?? "nothing", after: is[line] ?? "nothing" }];
  });
}
