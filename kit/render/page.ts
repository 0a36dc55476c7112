import type { Notebook } from "../notebook/mod.ts";
import { renderCell } from "./cell.ts";
import { type Chapter, chapterNumber, plainTitle } from "./chapter.ts";
import { courseName } from "./course_name.ts";
import { renderDocument } from "./document.ts";
import { highlighter } from "./highlight.ts";
import { createLabels } from "./labels.ts";
import { createMarkdown, type Heading, type Markdown } from "./markdown.ts";
import { mathStyle } from "./math_style.ts";
import { requireSelfContained } from "./self_contained.ts";
import { topBar } from "./top_bar.ts";
import contentCss from "./content.css" with { type: "text" };
import pageCss from "./page.css" with { type: "text" };
import pageScript from "./page_script.js" with { type: "text" };

export interface PageOptions {
  /** The notebook's file name without `.ipynb`; the page is to be `NAME.html`, beside `index.html`. */
  name: string;
  /** All chapters in order. The page links to those before and after it. */
  chapters: readonly Chapter[];
  /** Where the chapter's deck is, seen from the page; `../slides/NAME.html` unless told, `null` for none. */
  deckHref?: string | null;
  /** Where the notebook is, seen from the page; not linked unless told. */
  notebookHref?: string;
}

function contents(headings: readonly Heading[]): string {
  const items = headings.filter(({ level }) => level === 2).map(({ id, html }) =>
    `<li><a href="#${id}">${html}</a></li>`
  );
  if (items.length === 0) return "<div></div>";
  return `<nav class="contents" aria-label="On this page"><details><summary>On this page</summary><ol>${
    items.join("")
  }</ol></details></nav>`;
}

function turn(chapters: readonly Chapter[], name: string, markdown: Markdown): string {
  const place = chapters.findIndex((chapter) => chapter.name === name);
  const link = (chapter: Chapter | undefined, rel: "prev" | "next", word: string) =>
    chapter
      ? `<a class="${rel}" rel="${rel}" href="${
        encodeURIComponent(chapter.name)
      }.html"><span>${word}</span>${markdown.inline(chapter.title)}</a>`
      : "";
  if (place < 0) return "";
  return link(chapters[place - 1], "prev", "Previous chapter") +
    link(chapters[place + 1], "next", "Next chapter");
}

/**
 * A chapter as one HTML file that opens from a disk with no network: prose, formulas, code and the stored outputs of
 * its notebook, in light and dark, on paper and on a telephone. Speaker notes are left to the deck.
 *
 * @throws {SyntaxError} when a formula cannot be set.
 * @throws {TypeError} when an output comes in no form that a page can show.
 * @throws {RangeError} when something would be loaded from elsewhere.
 */
export async function renderPage(book: Notebook, options: PageOptions): Promise<string> {
  const { name, chapters, deckHref = `../slides/${encodeURIComponent(name)}.html`, notebookHref } =
    options;
  const highlight = await highlighter();
  const label = createLabels();
  const markdown = createMarkdown({
    highlight,
    label,
    anchors: true,
    notebookHref: (other) => `${other}.html`,
  });
  const cells = book.cells.map((cell, index) =>
    cell.metadata.slideshow?.slide_type === "notes"
      ? { html: "", headings: [] }
      : renderCell(cell, index + 1, { highlight, markdown, label, hiddenInput: "fold" })
  );
  const number = chapterNumber(name);
  const links = [
    ...deckHref === null ? [] : [{ href: deckHref, text: "Slides" }],
    ...notebookHref === undefined ? [] : [{ href: notebookHref, text: "Notebook" }],
  ];
  const turns = turn(chapters, name, markdown);
  const body = requireSelfContained(
    `<a class="skip" href="#main">Skip to the text</a>
${topBar(links)}
<div class="layout">
${contents(cells.flatMap(({ headings }) => headings))}
<main id="main" tabindex="-1">
${number === undefined ? "" : `<p class="kicker">Chapter ${number}</p>`}
${cells.map(({ html }) => html).filter((html) => html !== "").join("\n")}
</main>
</div>
${turns && `<footer><nav class="turn" aria-label="Chapters">${turns}</nav></footer>`}`,
    `chapter ${name}`,
  );
  const title = chapters.find((chapter) => chapter.name === name)?.title ?? name;
  return renderDocument({
    title: `${plainTitle(title)} · ${courseName}`,
    styles: [await mathStyle(body), contentCss, pageCss],
    body,
    scripts: [pageScript],
  });
}
