export { checkNotebooks, type CheckOptions } from "./check_notebooks.ts";
export { type CellPlace, type Extraction, extractNotebook } from "./extract_notebook.ts";
export { type NotebookSource, type ParsedNotebook, parseNotebooks } from "./parse_notebooks.ts";
export {
  type NotebookCells,
  type ReadNotebooks,
  readNotebooks,
  withExtractions,
} from "./read_notebooks.ts";
export { formatProblem, type Problem } from "./problem.ts";
export { checkTypes } from "./check_types.ts";
export { problemAt, syntaxProblems } from "./problem_at.ts";
export type { Diagnostic } from "./parse_diagnostics.ts";
