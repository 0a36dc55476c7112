import { resolve } from "node:path";
import { parseNotebook } from "../notebook/mod.ts";
import { buildNotebooks, type BuildOptions, type BuildResult } from "./build.ts";
import { findNotebooks } from "./find_notebooks.ts";
import { writeReadmePicture } from "./readme_picture.ts";
import {
  type RenderKind,
  type RenderResult,
  renderSite,
  type RenderSource,
} from "./render_site.ts";

/** Renders the notebooks as they are on disk. Those that cannot be read are reported with those that cannot be rendered. */
export async function renderCourse(
  root: string,
  options: { kinds?: readonly RenderKind[]; only?: readonly string[] } = {},
): Promise<RenderResult> {
  const sources: RenderSource[] = [];
  const failures: { notebook: string; message: string }[] = [];
  for (const path of await findNotebooks(root)) {
    try {
      sources.push({
        path,
        book: parseNotebook(await Deno.readTextFile(resolve(root, path)), path),
      });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      failures.push({ notebook: path, message: error.message });
    }
  }
  await Deno.mkdir(resolve(root, "slides"), { recursive: true });
  await writeReadmePicture(sources, root);
  const rendered = await renderSite(sources, root, options);
  return { ...rendered, failures: [...failures, ...rendered.failures] };
}

/** Brings everything up to date: outputs of notebooks where they are stale, then pages, index and decks. */
export async function buildCourse(
  options: BuildOptions,
): Promise<{ built: BuildResult; rendered: RenderResult }> {
  const built = await buildNotebooks(options);
  return { built, rendered: await renderCourse(options.root) };
}

/** What was done, in a few lines, and whether all of it went well. */
export function describeBuild(
  { built, rendered }: { built: BuildResult; rendered: RenderResult },
): { text: string; well: boolean } {
  const unrendered = rendered.failures.filter(({ notebook }) =>
    !built.failed.some((failure) => failure.notebook === notebook)
  );
  const counts =
    `${built.ran.length} run, ${built.fresh.length} fresh, ${built.failed.length} failed; ` +
    `${rendered.written.length} of ${rendered.files.length} pages and decks changed`;
  const messages = unrendered.map(({ notebook, message }) => `${notebook}: ${message}\n`).join("");
  return { text: messages + counts, well: built.failed.length + unrendered.length === 0 };
}
