import { z } from "zod";
import type { Import } from "./import_plugin.ts";

/** What Deno's parser says about the source of one cell. */
export interface CellReading {
  /** The values it imports, in order. */
  readonly imports: Import[];
  /** Why it does not parse: the parser's message, with the line and a caret below the place. */
  readonly syntaxError?: string;
}

const report = z.object({
  diagnostics: z.array(z.object({ filename: z.string(), message: z.string() })),
  errors: z.array(z.object({ file_path: z.string(), message: z.string() })),
});

/**
 * Reads the sources of cells without running them: what does each import, and does it parse? One run of `deno lint`
 * reads them all, in about 0.1 s. As the kernel does, it takes a cell for TSX, and for TypeScript if that fails.
 */
export async function readCells(sources: readonly string[]): Promise<CellReading[]> {
  const asTsx = await readAs("tsx", sources);
  const failed = asTsx.flatMap((reading, index) =>
    reading.syntaxError === undefined ? [] : [index]
  );
  if (failed.length === 0) return asTsx;
  const asTs = await readAs("ts", failed.map((index) => sources[index] ?? ""));
  return asTsx.map((reading, index) => {
    const other = asTs[failed.indexOf(index)];
    return other && other.syntaxError === undefined ? other : reading;
  });
}

async function readAs(extension: string, sources: readonly string[]): Promise<CellReading[]> {
  const folder = await Deno.makeTempDir({ prefix: "cells-" });
  try {
    const config = `${folder}/deno.json`;
    const plugins = [import.meta.resolve("./import_plugin.ts")];
    await Deno.writeTextFile(config, JSON.stringify({ lint: { plugins, rules: { tags: [] } } }));
    await Deno.mkdir(`${folder}/cells`);
    // A directive to the linter in a cell must not hide the cell from this reading.
    const plain = (source: string) => source.replaceAll("deno-lint-ignore", "deno-lint-ignor_");
    await Promise.all(
      sources.map((source, index) => Deno.writeTextFile(path(index), plain(source))),
    );
    const args = ["lint", "--quiet", "--json", "--config", config, `${folder}/cells`];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      env: { NO_COLOR: "1" },
    }).output();
    const found = report.safeParse(parsed(stdout));
    if (!found.success) {
      throw new Error(`Cannot read the cells: ${new TextDecoder().decode(stderr).trim()}`);
    }
    return sources.map((_, index) => {
      const mine = (file: string) => file.endsWith(`/${name(index)}`);
      const imports = found.data.diagnostics.filter(({ filename }) => mine(filename))
        .map(({ message }): Import => JSON.parse(message));
      const failure = found.data.errors.find(({ file_path }) =>
        mine(file_path.replaceAll("\\", "/"))
      );
      return failure ? { imports, syntaxError: readable(failure.message) } : { imports };
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }

  function name(index: number): string {
    return `${index}.${extension}`;
  }

  function path(index: number): string {
    return `${folder}/cells/${name(index)}`;
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The parser's message without the class and the place of the temporary file. */
function readable(message: string): string {
  return message.replace(/^SyntaxError: /, "").replace(
    /\n\s+at file:\S+:(\d+):(\d+)\s*$/,
    "\n(line $1, column $2)",
  );
}
