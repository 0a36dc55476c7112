/** What several tests share: the sample notebook, and a small one made of a few cells. */
import { type Cell, type Notebook, parseNotebook } from "../../../kit/notebook/mod.ts";
import source from "./fixtures/sample.ipynb" with { type: "text" };

export const sample: Notebook = parseNotebook(source, "sample");

const canRender = (["read", "env"] as const).every((name) =>
  Deno.permissions.querySync({ name }).state === "granted"
);

/**
 * A test that renders a whole document. It is ignored without permission to read, as KaTeX's fonts are files of its
 * package, and without access to the environment, which Shiki reads as it loads.
 */
export function renderTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !canRender, fn });
}

export function notebookOf(...cells: Cell[]): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
}

export function proseCell(source: string, slideType?: string): Cell {
  const metadata = slideType === undefined ? {} : { slideshow: { slide_type: slideType } };
  return { cell_type: "markdown", id: "prose", metadata, source };
}

export function codeCell(
  source: string,
  outputs: Extract<Cell, { cell_type: "code" }>["outputs"],
  tags?: string[],
): Cell {
  return {
    cell_type: "code",
    id: "code",
    metadata: { ...(tags && { tags }) },
    source,
    execution_count: 1,
    outputs,
  };
}
