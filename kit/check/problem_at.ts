import { pathToFileURL } from "node:url";
import type { Extraction } from "./extract_notebook.ts";
import type { Diagnostic } from "./parse_diagnostics.ts";
import type { ParsedNotebook } from "./parse_notebooks.ts";
import type { Problem } from "./problem.ts";

/** Cells that do not parse. */
export function syntaxProblems({ path, cells }: ParsedNotebook): Problem[] {
  return cells.flatMap(({ number, code, syntax: { error } }) =>
    error
      ? [{
        notebook: path,
        cell: number,
        kind: "type",
        code: "syntax",
        message: error.message,
        line: error.line,
        column: error.column,
        source: code.split("\n")[error.line - 1] ?? "",
      }]
      : []
  );
}

/**
 * Where in a notebook is what the type checker says about its extracted code?
 *
 * @param folder the URL of the folder of the extracted code, which is no author's: messages do not name it
 */
export function problemAt(
  { code, message, line, column }: Diagnostic,
  { path }: ParsedNotebook,
  { places }: Extraction,
  folder: string,
  root: string,
): Problem {
  // What joins the cells is not the author's: the nearest line before it is.
  const place = places.slice(0, line).findLast((found) => found !== undefined);
  const own = new RegExp(` from "${RegExp.escape(folder)}[^"]*"`, "g");
  const words = message.replace(own, "").replaceAll(
    `${pathToFileURL(root).href.replace(/\/$/, "")}/`,
    "",
  );
  return {
    notebook: path,
    cell: place?.cell ?? 0,
    line: place?.line ?? 0,
    column,
    kind: "type",
    code,
    message: words,
    source: place?.source ?? "",
  };
}
