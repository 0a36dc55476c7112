import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Diagnostic, parseDiagnostics, parseLoadError } from "./parse_diagnostics.ts";
import type { ParsedNotebook } from "./parse_notebooks.ts";
import type { Problem } from "./problem.ts";
import { problemAt, syntaxProblems } from "./problem_at.ts";
import { withExtractions } from "./read_notebooks.ts";
import { runDeno } from "../cells/mod.ts";

/**
 * Type-checks the code cells of notebooks by the compiler options and the import map of the root's deno.json: one run of
 * `deno check` for all. A notebook with a cell that does not parse is not checked further, since what that cell declares
 * would be missed everywhere; nor is one that names a package that cannot be had.
 */
export async function checkTypes(
  notebooks: readonly ParsedNotebook[],
  root: string,
): Promise<Problem[]> {
  const broken = notebooks.flatMap(syntaxProblems);
  const whole = notebooks.filter(({ cells }) =>
    cells.length > 0 && cells.every(({ syntax }) => !syntax.error)
  );
  const typed = await withExtractions(whole, async (files, extractions, folder) => {
    const urls = files.map((file) => pathToFileURL(file).href);
    return (await diagnose(urls, root)).flatMap((diagnostic) => {
      const index = urls.indexOf(diagnostic.file);
      const [notebook, extraction] = [whole[index], extractions[index]];
      return notebook && extraction
        ? [problemAt(diagnostic, notebook, extraction, pathToFileURL(folder).href, root)]
        : [];
    });
  });
  return [...broken, ...typed];
}

/** Checks files. A module that cannot be loaded ends a whole run, so the others are then checked without the culprit. */
async function diagnose(files: readonly string[], root: string): Promise<Diagnostic[]> {
  if (files.length === 0) return [];
  const { success, stdout, stderr } = await runDeno([
    "check",
    "--config",
    join(root, "deno.json"),
    ...files,
  ], root);
  if (success) return [];
  const written = `${stdout}\n${stderr}`;
  const unloadable = parseLoadError(written);
  const [file] = files;
  if (!unloadable) {
    const found = parseDiagnostics(written);
    if (found.length === 0) throw new Error(`Cannot check the cells: ${stderr.trim()}`);
    return found;
  }
  if (files.includes(unloadable.file)) {
    return [unloadable, ...await diagnose(files.filter((file) => file !== unloadable.file), root)];
  }
  // It lies in a module that one of them imports: which one shows when each is checked alone.
  if (file !== undefined && files.length === 1) {
    const message =
      `${unloadable.message}\nat ${unloadable.file}:${unloadable.line}:${unloadable.column}`;
    return [{ ...unloadable, message, file, line: 0, column: 0 }];
  }
  const found: Diagnostic[] = [];
  for (const alone of files) found.push(...await diagnose([alone], root));
  return found;
}
