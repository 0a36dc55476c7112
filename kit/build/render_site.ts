import { join } from "node:path";
import { type Notebook, writeAtomically } from "../notebook/mod.ts";
import {
  type Chapter,
  describeChapter,
  renderDeck,
  renderIndex,
  renderPage,
} from "../render/mod.ts";
import { notebookName } from "./progress.ts";

/** A notebook to be rendered. */
export interface RenderSource {
  readonly path: string;
  readonly book: Notebook;
}

/** What became of the pages: the files, those whose content changed, and why others could not be made. */
export interface RenderResult {
  readonly files: readonly string[];
  readonly written: readonly string[];
  readonly failures: readonly { readonly notebook: string; readonly message: string }[];
}

/** What to make of the notebooks; all unless told. */
export type RenderKind = "index" | "page" | "deck";

async function writeIfChanged(path: string, content: string): Promise<boolean> {
  const before = await Deno.readTextFile(path).catch(() => undefined);
  if (before === content) return false;
  await writeAtomically(path, content);
  return true;
}

/**
 * Renders the notebooks: pages and the index into build/, decks into slides/. A file whose content is the same is left
 * alone, and a notebook that cannot be rendered does not keep the others from it.
 *
 * @param notebooks all chapters in order, as pages link to their neighbors
 * @param only the paths of those whose pages and decks are wanted; all unless told
 */
export async function renderSite(
  notebooks: readonly RenderSource[],
  root: string,
  { kinds = ["index", "page", "deck"], only }: {
    kinds?: readonly RenderKind[];
    only?: readonly string[];
  } = {},
): Promise<RenderResult> {
  const files: string[] = [];
  const written: string[] = [];
  const failures: { notebook: string; message: string }[] = [];
  const attempt = async (notebook: string, make: () => void | Promise<void>) => {
    try {
      await make();
    } catch (error) {
      failures.push({ notebook, message: error instanceof Error ? error.message : String(error) });
    }
  };
  const put = async (file: string, content: string) => {
    files.push(file);
    if (await writeIfChanged(join(root, file), content)) written.push(file);
  };
  await Promise.all(
    ["build", "slides"].map((folder) => Deno.mkdir(join(root, folder), { recursive: true })),
  );
  const chapters: Chapter[] = [];
  for (const { path, book } of notebooks) {
    await attempt(path, () => void chapters.push(describeChapter(book, notebookName(path))));
  }
  if (kinds.includes("index")) await put("build/index.html", await renderIndex(chapters));
  for (const { path, book } of notebooks) {
    const name = notebookName(path);
    if (only && !only.includes(path) || !chapters.some((chapter) => chapter.name === name)) {
      continue;
    }
    if (kinds.includes("page")) {
      await attempt(
        path,
        async () => put(`build/${name}.html`, await renderPage(book, { name, chapters })),
      );
    }
    if (kinds.includes("deck")) {
      const deck = () => renderDeck(book, { name });
      await attempt(path, async () => put(`slides/${name}.html`, await deck()));
    }
  }
  return { files, written, failures };
}
