import { z } from "zod";
import type { ModuleSyntax } from "./module_syntax_plugin.ts";
import { runDeno } from "./run_deno.ts";
import { withTemporaryFolder } from "./temporary_folder.ts";

/** What Deno's parser says about one cell. */
export interface CellSyntax {
  /** Its imports and exports, in order. */
  readonly syntax: readonly ModuleSyntax[];
  /** Why it does not parse; the drawing shows the line with a caret below the place. */
  readonly error?: {
    readonly message: string;
    readonly line: number;
    readonly column: number;
    readonly drawing: string;
  };
}

const report = z.object({
  diagnostics: z.array(z.object({ filename: z.string(), message: z.string() })),
  errors: z.array(z.object({ file_path: z.string(), message: z.string() })),
});

/**
 * Parses the code of cells, without running or checking it: one run of `deno lint` for all of them, in about 0.1 s. As
 * the kernel does, it takes a cell for TSX, and for TypeScript if that fails.
 */
export async function parseCells(sources: readonly string[]): Promise<CellSyntax[]> {
  const asTsx = await parseAs("tsx", sources);
  const failed = asTsx.flatMap(({ error }, index) => error ? [index] : []);
  const asTs = await parseAs("ts", failed.map((index) => sources[index] ?? ""));
  return asTsx.map((parsed, index) => {
    const other = asTs[failed.indexOf(index)];
    return other && !other.error ? other : parsed;
  });
}

async function parseAs(extension: string, sources: readonly string[]): Promise<CellSyntax[]> {
  if (sources.length === 0) return [];
  return await withTemporaryFolder(async (folder) => {
    const config = `${folder}/deno.json`;
    const plugins = [import.meta.resolve("./module_syntax_plugin.ts")];
    await Deno.writeTextFile(config, JSON.stringify({ lint: { plugins, rules: { tags: [] } } }));
    await Deno.mkdir(`${folder}/cells`);
    // A directive to the linter in a cell must not hide the cell from this reading.
    const plain = (source: string) => source.replaceAll("deno-lint-ignore", "deno-lint-ignor_");
    await Promise.all(
      sources.map((source, index) =>
        Deno.writeTextFile(`${folder}/cells/${index}.${extension}`, plain(source))
      ),
    );
    const { stdout, stderr } = await runDeno([
      "lint",
      "--quiet",
      "--json",
      "--config",
      config,
      `${folder}/cells`,
    ]);
    if (!stdout.startsWith("{")) throw new Error(`Cannot parse the cells: ${stderr.trim()}`);
    const { diagnostics, errors } = report.parse(JSON.parse(stdout));
    const indexOf = (file: string) => Number(file.match(/(\d+)\.tsx?$/)?.[1]);
    const syntax = Map.groupBy(diagnostics, ({ filename }) => indexOf(filename));
    const failures = new Map(
      errors.map(({ file_path, message }) => [indexOf(file_path), syntaxError(message)]),
    );
    return sources.map((_, index) => {
      const found = (syntax.get(index) ?? []).map(({ message }): ModuleSyntax =>
        JSON.parse(message)
      );
      const error = failures.get(index);
      return error ? { syntax: found, error } : { syntax: found };
    });
  });
}

/** The parser's message, taken apart, without its class and the temporary file. */
function syntaxError(message: string): NonNullable<CellSyntax["error"]> {
  const [, line, column] = message.match(/:(\d+):(\d+)\s*$/) ?? [];
  const drawing = message.replace(/^SyntaxError: /, "").replace(/\n?\s+at file:\S+\s*$/, "");
  const [words = drawing] = drawing.split("\n");
  return { message: words, line: Number(line ?? 1), column: Number(column ?? 1), drawing };
}
