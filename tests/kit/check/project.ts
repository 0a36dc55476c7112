import { dirname, join } from "node:path";
import { type Notebook, serializeNotebook } from "../../../kit/notebook/mod.ts";

/** Whether this test run may use files and processes; tests that do are ignored otherwise. */
export const mayRun = (["run", "read", "write", "env", "sys"] as const)
  .every((name) => Deno.permissions.querySync({ name }).state === "granted");

/** A code cell as a test writes it: its code, or its code with tags. */
export type CellText = string | { code: string; tags?: string[] } | { markdown: string };

/** A notebook with these cells, that was never run. */
export function notebookOf(...cells: CellText[]): Notebook {
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec, language_info: { name: "typescript" } },
    cells: cells.map((cell, index) => {
      const id = `cell-${index + 1}`;
      if (typeof cell !== "string" && "markdown" in cell) {
        return { cell_type: "markdown", id, metadata: {}, source: cell.markdown };
      }
      const { code, tags } = typeof cell === "string" ? { code: cell } : cell;
      const metadata = tags ? { tags } : {};
      return { cell_type: "code", id, metadata, source: code, execution_count: null, outputs: [] };
    }),
  };
}

/** The deno.json of the course's own rules, as far as a small project needs them. */
const config = {
  imports: { "#lib/": "./lib/" },
  fmt: { lineWidth: 120 },
  nodeModulesDir: "none",
  compilerOptions: { strict: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
};

/** A small project in a temporary folder, which goes when the test ends. */
export class Project implements AsyncDisposable {
  private constructor(readonly root: string) {}

  /** Writes files, given as text, or as notebooks, by their paths; a deno.json is there already. */
  static async create(files: Record<string, string | Notebook> = {}): Promise<Project> {
    const project = new Project(
      await Deno.realPath(await Deno.makeTempDir({ prefix: "project-" })),
    );
    await project.write("deno.json", JSON.stringify(config));
    for (const [path, content] of Object.entries(files)) await project.write(path, content);
    return project;
  }

  async write(path: string, content: string | Notebook): Promise<void> {
    const file = join(this.root, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(
      file,
      typeof content === "string" ? content : serializeNotebook(content),
    );
  }

  read(path: string): Promise<string> {
    return Deno.readTextFile(join(this.root, path));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}
