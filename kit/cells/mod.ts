/** How Deno itself reads the code of cells: where they import and export, and why they do not parse. */
export { CellParser } from "./cell_parser.ts";
export type { ImportedName, ModuleSyntax, Range } from "./module_syntax_plugin.ts";
export { type CellSyntax, parseCells } from "./parse_cells.ts";
export { type DenoResult, runDeno } from "./run_deno.ts";
export { withTemporaryFolder } from "./temporary_folder.ts";
