import { z } from "zod";
import type { NotebookCells } from "../check/mod.ts";
import { codeCells, type Notebook, text } from "../notebook/mod.ts";
import { digest } from "./digest.ts";
import { loadedModules } from "./module_graph.ts";

const buildRecord = z.object({
  cells: z.array(z.string()),
  deno: z.string(),
  lockfile: z.string(),
  modules: z.record(z.string(), z.string()),
});

/**
 * What the outputs of a notebook came from, as it is kept in the notebook's metadata: a fingerprint for each code cell in
 * order, Deno's version, one fingerprint for the locked versions of the packages that are loaded, and one for each local
 * file that is. Files are named, so that a stale notebook can say why.
 */
export type BuildRecord = z.infer<typeof buildRecord>;

const place = "fewer_bytes";
const holder = z.looseObject({ built: buildRecord });

/** Says what the outputs of these notebooks would come from if they were run now. */
export async function describeSources(
  notebooks: readonly NotebookCells[],
  root: string,
): Promise<BuildRecord[]> {
  const loaded = await loadedModules(notebooks, root);
  return notebooks.map(({ book }, index) => ({
    cells: codeCells(book).map(({ cell }) => digest(text(cell.source))),
    deno: Deno.version.deno,
    lockfile: digest(loaded[index]?.packages.join("\n") ?? ""),
    modules: loaded[index]?.modules ?? {},
  }));
}

/** The record in a notebook; undefined when there is none that can be read. */
export function readRecord({ metadata }: Notebook): BuildRecord | undefined {
  const found = holder.safeParse(metadata[place]);
  return found.success ? found.data.built : undefined;
}

/** The notebook with a record; keys are sorted as Jupyter sorts them, so that saving there changes nothing. */
export function withRecord(book: Notebook, record: BuildRecord): Notebook {
  const before = z.looseObject({}).safeParse(book.metadata[place]);
  const entries = Object.entries({ ...book.metadata, [place]: { ...before.data, built: record } });
  return { ...book, metadata: Object.fromEntries(entries.toSorted(([a], [b]) => a < b ? -1 : 1)) };
}
