/** A small course made of the sample notebook, as files, for the tests that open it. */
import type { Notebook } from "../../../kit/notebook/mod.ts";
import { describeChapter, renderDeck, renderIndex, renderPage } from "../../../kit/render/mod.ts";
import { sample } from "../render/sample.ts";

const name = "01_memory_wall";

/** Renders a notebook as chapter 1 of three: its page, its deck and the index, by path. */
export async function renderCourse(book: Notebook = sample): Promise<Record<string, string>> {
  const chapters = [
    { name: "00_welcome", title: "Welcome", summary: "What the course is about." },
    describeChapter(book, name),
    {
      name: "02_transformer_arithmetic",
      title: "Transformer arithmetic",
      summary: "Of $2N$ FLOP, and more.",
    },
  ];
  return {
    "pages/index.html": await renderIndex(chapters),
    [`pages/${name}.html`]: await renderPage(book, { name, chapters }),
    [`slides/${name}.html`]: await renderDeck(book, { name }),
  };
}

export const indexPath = "pages/index.html";
export const pagePath = `pages/${name}.html`;
export const deckPath = `slides/${name}.html`;
