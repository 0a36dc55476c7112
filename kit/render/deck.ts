import type { Notebook } from "../notebook/mod.ts";
import { type CellContext, renderCell } from "./cell.ts";
import { chapterNumber, describeChapter, plainTitle } from "./chapter.ts";
import { courseName } from "./course_name.ts";
import { renderDocument } from "./document.ts";
import { escapeHtml } from "./escape.ts";
import { highlighter } from "./highlight.ts";
import { createLabels } from "./labels.ts";
import { createMarkdown } from "./markdown.ts";
import { mathStyle } from "./math_style.ts";
import { moduleExpression } from "./script.ts";
import { requireSelfContained } from "./self_contained.ts";
import { type Column, cutSlides, type Slide, type Step } from "./slides.ts";
import revealCss from "reveal.js/reveal.css" with { type: "text" };
import revealNotes from "reveal.js/plugin/notes" with { type: "text" };
import reveal from "reveal.js" with { type: "text" };
import themeCss from "../../slides/theme.css" with { type: "text" };
import contentCss from "./content.css" with { type: "text" };
import deckScript from "./deck_script.js" with { type: "text" };

export interface DeckOptions {
  /** The notebook's file name without `.ipynb`; the deck is to be `NAME.html`. */
  name: string;
  /** What a link to another notebook becomes; its page under `../build/` unless told. */
  notebookHref?: (name: string) => string;
  /** A mark of the deck's own scripts, for a server whose policy lets no other run. */
  nonce?: string;
}

function renderStep({ cells, notes }: Step, context: CellContext): string {
  const shown = cells.map(({ cell, number }) => renderCell(cell, number, context).html).join("");
  const spoken = notes.map(({ cell, number }) => renderCell(cell, number, context).html).join("");
  return shown + (spoken && `<aside class="notes">${spoken}</aside>`);
}

function renderSlide({ start, fragments }: Slide, opening: string, context: CellContext): string {
  const steps = fragments.map((step) => `<div class="fragment">${renderStep(step, context)}</div>`)
    .join("");
  return `<section><div class="slide">${opening}${
    renderStep(start, context)
  }${steps}</div></section>`;
}

function renderColumns(columns: readonly Column[], opening: string, context: CellContext): string {
  return columns.map((column, x) => {
    const slides = column.map((slide, y) =>
      renderSlide(slide, x === 0 && y === 0 ? opening : "", context)
    );
    return `<section>${slides.join("\n")}</section>`;
  }).join("\n");
}

/** The plugin for the speaker's view, which writes a page with a script of its own. */
function speakerView(nonce: string | undefined): string {
  return nonce === undefined
    ? revealNotes
    : revealNotes.replaceAll("<script>", `<script nonce='${escapeHtml(nonce)}'>`);
}

/**
 * A chapter's deck as one HTML file: reveal.js, speaker notes, formulas, code and figures inside, no network. Which cell
 * goes where is said by the standard `slide_type` of its metadata; a code cell tagged `hide-input` shows no code.
 *
 * @throws {SyntaxError} when a formula cannot be set.
 * @throws {TypeError} when an output comes in no form that a slide can show.
 * @throws {RangeError} when no cell shows, the chapter has no title, or something would be loaded from elsewhere.
 */
export async function renderDeck(
  book: Notebook,
  { name, notebookHref = (other) => `../build/${other}.html`, nonce }: DeckOptions,
): Promise<string> {
  const highlight = await highlighter();
  const label = createLabels();
  const markdown = createMarkdown({ highlight, label, anchors: false, notebookHref });
  const number = chapterNumber(name);
  const opening = `<p class="course">${courseName}${
    number === undefined ? "" : ` <span>Chapter ${number}</span>`
  }</p>`;
  const context: CellContext = { highlight, markdown, label, hiddenInput: "omit" };
  const slides = requireSelfContained(
    renderColumns(cutSlides(book.cells), opening, context),
    `deck ${name}`,
  );
  return renderDocument({
    title: `${plainTitle(describeChapter(book, name).title)} · ${courseName}`,
    styles: [revealCss, await mathStyle(slides), contentCss, themeCss],
    body: `<main class="reveal"><div class="slides">\n${slides}\n</div></main>`,
    scripts: [
      `const Reveal = ${moduleExpression(reveal, "reveal.js")};
const RevealNotes = ${moduleExpression(speakerView(nonce), "reveal.js/plugin/notes")};
${deckScript}`,
    ],
    nonce,
    // The speaker's view frames this same file twice.
    frames: "'self' file:",
  });
}
