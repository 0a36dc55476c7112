import { type Notebook, text } from "../notebook/mod.ts";

/** A chapter as lists and links show it. `name` is the notebook's file name without `.ipynb`. */
export interface Chapter {
  name: string;
  /** Markdown of the first heading, without its mark. */
  title: string;
  /** Markdown of the first paragraph after the title. */
  summary?: string;
}

/** The number that starts a chapter's name: 1 for `01_memory_wall`. Undefined when none does. */
export function chapterNumber(name: string): number | undefined {
  const digits = name.match(/^\d+/)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/** A title without its Markdown, for a window's title bar. */
export function plainTitle(title: string): string {
  return title.replaceAll(/[*_`$\\]/g, "");
}

/**
 * Reads from a notebook what the index says about it: its title and the first paragraph after it.
 *
 * @throws {RangeError} when no Markdown cell starts with a `# title`.
 */
export function describeChapter(book: Notebook, name: string): Chapter {
  const prose = book.cells.filter((cell) => cell.cell_type === "markdown").map((cell) =>
    text(cell.source)
  ).join(
    "\n\n",
  );
  const blocks = prose.split(/\n\s*\n|(?<=^#+ [^\n]*)\n/m).map((block) => block.trim()).filter((
    block,
  ) => block !== "");
  const start = blocks.findIndex((block) => /^# /.test(block));
  const title = blocks[start]?.replace(/^# /, "").trim();
  if (!title) {
    throw new RangeError(
      `Cannot describe chapter ${name} as a Markdown cell must start with "# Title": current value is none`,
    );
  }
  const summary = blocks.slice(start + 1).find((block) =>
    /^[\p{Letter}\p{Number}"“*_$`\[(]/u.test(block)
  );
  return { name, title, ...(summary && { summary: summary.replaceAll(/\s*\n\s*/g, " ") }) };
}
