import { join } from "node:path";
import { codeCells, type Notebook, text, writeAtomically } from "../notebook/mod.ts";

/** The chapter whose first picture stands in the README, and where the picture is kept. */
const chapter = "01_memory_wall.ipynb";
export const readmePicture = "slides/roofline.svg";

/** The first SVG that a notebook shows; undefined when it shows none. */
export function firstPicture(book: Notebook): string | undefined {
  for (const { cell } of codeCells(book)) {
    for (const output of cell.outputs) {
      const svg = "data" in output
        ? (output.data as Record<string, unknown>)["image/svg+xml"]
        : undefined;
      if (svg !== undefined) return text(svg as string | string[]);
    }
  }
  return undefined;
}

/** Keeps the README's picture equal to what the course draws. Does nothing in a course without that chapter. */
export async function writeReadmePicture(
  notebooks: readonly { readonly path: string; readonly book: Notebook }[],
  root: string,
): Promise<void> {
  const source = notebooks.find(({ path }) => path.endsWith(chapter));
  const svg = source && firstPicture(source.book);
  if (!svg) return;
  const path = join(root, readmePicture);
  if (await Deno.readTextFile(path).catch(() => "") !== svg) await writeAtomically(path, svg);
}
