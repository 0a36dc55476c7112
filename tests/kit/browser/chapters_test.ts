/** The chapters as they are: each page and each deck, looked at as a reader does. */
import { assertEquals } from "@std/assert";
import { readRecord } from "../../../kit/build/build_record.ts";
import { digest } from "../../../kit/build/digest.ts";
import { codeCells, type Notebook, parseNotebook, text } from "../../../kit/notebook/mod.ts";
import { describeChapter, renderDeck, renderPage } from "../../../kit/render/mod.ts";
import { notebooks } from "../../exercises/notebooks.ts";
import { findBarriers } from "./accessibility.ts";
import { browserTest } from "./browser.ts";
import { findOverflow } from "./find_overflow.ts";

const books = Object.entries(notebooks).flatMap(([file, json]) => {
  try {
    return [{ name: file.replace(/\.ipynb$/, ""), book: parseNotebook(json, file) }];
  } catch {
    return []; // a notebook that is broken is reported where its answers are graded
  }
});

/** A chapter that a learner has edited is theirs: how it looks is not tested. */
function asBuilt(book: Notebook): boolean {
  const now = codeCells(book).map(({ cell }) => digest(text(cell.source)));
  return readRecord(book)?.cells.join() === now.join();
}

for (const { name, book } of books.filter(({ book }) => asBuilt(book))) {
  browserTest(
    `chapter ${name}: its page asks the network for nothing and has no serious barrier`,
    async (test) => {
      const chapters = books.map(({ name, book }) => describeChapter(book, name));
      await test.write({ "page.html": await renderPage(book, { name, chapters }) });
      for (const width of [1440, 390]) {
        const { page, requests, errors } = await test.open("page.html", {
          viewport: { width, height: 900 },
        });
        // Colors follow the reader's choice while a page is open, so it need not be opened again for them.
        for (const colorScheme of ["light", "dark"] as const) {
          await page.emulateMedia({ colorScheme });
          assertEquals({ requests, errors, barriers: await findBarriers(page) }, {
            requests: [],
            errors: [],
            barriers: [],
          });
          const sideways = await page.evaluate(() =>
            document.documentElement.scrollWidth - document.documentElement.clientWidth
          );
          assertEquals(sideways, 0, `${colorScheme}, ${width} pixels wide`);
          const flatRoots = await page.evaluate(() =>
            [...document.querySelectorAll(".katex .sqrt svg")]
              .map((root) => root.getBoundingClientRect().height).filter((height) => height < 10)
          );
          assertEquals(flatRoots, [], "the signs of square roots are as high as a line of text");
        }
      }
    },
  );

  browserTest(
    `chapter ${name}: every slide of its deck fits, and the deck asks the network for nothing`,
    async (test) => {
      await test.write({ "deck.html": await renderDeck(book, { name }) });
      const { page, requests, errors } = await test.open("deck.html", {
        viewport: { width: 1280, height: 720 },
        reducedMotion: "reduce",
      });
      await page.waitForFunction(() =>
        (globalThis as unknown as { Reveal?: { isReady(): boolean } }).Reveal?.isReady()
      );
      assertEquals({ requests, errors, overflow: await findOverflow(page) }, {
        requests: [],
        errors: [],
        overflow: [],
      });
    },
  );
}
