import { z } from "zod";
import { problem } from "../../lib/catalog/problem.ts";
import { type Notebook, text } from "../notebook/mod.ts";
import { chapterNumber } from "../render/chapter.ts";
import { escapeHtml } from "../render/escape.ts";
import { createLabels } from "../render/labels.ts";
import { createMarkdown, type Markdown } from "../render/markdown.ts";
import { chapterHref } from "./chapter_renderer.ts";
import type { GlossaryEntry } from "./protocol.ts";

const filled = z.string().regex(/\S/, "must not be empty");

const entry = z.strictObject({
  term: filled,
  also: z.array(filled).min(1).optional(),
  definition: filled,
  chapter: filled,
  section: filled,
});

function readEntries(json: unknown): z.infer<typeof entry>[] {
  if (!Array.isArray(json)) {
    throw new TypeError("Cannot read the glossary as it must be a list of terms");
  }
  return json.map((raw: unknown, index) => {
    const result = entry.safeParse(raw);
    if (result.success) return result.data;
    const term = (raw as { term?: unknown } | null)?.term;
    const where = typeof term === "string" && term !== "" ? term : `entry ${index + 1}`;
    throw new TypeError(problem(`the glossary: ${where}`, raw, result.error));
  });
}

/** Prose without colors: definitions have no listings, and of a chapter only the headings are wanted. */
function plainMarkdown(): Markdown {
  return createMarkdown({
    highlight: escapeHtml,
    label: createLabels(),
    anchors: false,
    notebookHref: chapterHref,
  });
}

/** The fragments of a chapter's sections, by their headings as HTML. Of equal headings the first counts. */
function fragments(book: Notebook): Map<string, string> {
  const markdown = plainMarkdown();
  const headings = book.cells.flatMap((cell) =>
    cell.cell_type !== "markdown" || cell.metadata.slideshow?.slide_type === "notes"
      ? []
      : markdown(text(cell.source)).headings
  );
  const sections = headings.filter(({ level }) => level === 2 || level === 3);
  return new Map(sections.toReversed().map(({ html, id }) => [html, id]));
}

/** @throws {RangeError} when one name stands for two terms, whatever its case. */
function requireOneMeaning(entries: readonly z.infer<typeof entry>[]): void {
  const meanings = new Map<string, string>();
  for (const { term, also = [] } of entries) {
    for (const name of [term, ...also]) {
      const other = meanings.get(name.toLowerCase());
      if (other !== undefined) {
        throw new RangeError(
          `Cannot explain ${term} as each name must stand once in the glossary: ` +
            `current value is ${name}, a name of ${other}, too`,
        );
      }
      meanings.set(name.toLowerCase(), term);
    }
  }
}

/**
 * Which words does the course explain, and where? Reads the glossary, sets each definition as HTML without a paragraph
 * around it, and finds the fragment of the section that explains the term.
 *
 * @param json The parsed `data/glossary.json`.
 * @param chapters All chapters of the course. `name` is the notebook's file name without `.ipynb`.
 * @returns The terms in the order of the file.
 * @throws {TypeError} when a field is missing or of another kind.
 * @throws {RangeError} when a name stands twice, or when no chapter or section is called so.
 * @throws {SyntaxError} when a formula cannot be set.
 */
export function readGlossary(
  json: unknown,
  chapters: readonly { readonly name: string; readonly book: Notebook }[],
): GlossaryEntry[] {
  const entries = readEntries(json);
  requireOneMeaning(entries);
  const markdown = plainMarkdown();
  const sections = new Map(chapters.map(({ name, book }) => [name, fragments(book)]));
  return entries.map(({ term, also = [], definition, chapter, section }) => {
    const known = sections.get(chapter);
    const number = chapterNumber(chapter);
    if (known === undefined || number === undefined) {
      throw new RangeError(
        `Cannot explain ${term} as its chapter must be one of the course: ` +
          `current value is ${chapter}`,
      );
    }
    const anchor = known.get(markdown.inline(section));
    if (anchor === undefined) {
      throw new RangeError(
        `Cannot explain ${term} as its section must be a heading of level 2 or 3 in ${chapter}: ` +
          `current value is ${section}`,
      );
    }
    return { term, also, definition: markdown.inline(definition), chapter, number, anchor };
  });
}
