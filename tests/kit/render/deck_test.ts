import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findRequests, renderDeck } from "../../../kit/render/mod.ts";
import { codeCell, notebookOf, proseCell, renderTest, sample } from "./sample.ts";

const bars = {
  output_type: "display_data" as const,
  data: { "image/svg+xml": "<svg></svg>" },
  metadata: {},
};
const book = notebookOf(
  proseCell("# Title", "slide"),
  proseCell("say this", "notes"),
  proseCell("later", "fragment"),
  proseCell("left out", "skip"),
  proseCell("below, see [there](02_x.ipynb)", "subslide"),
  codeCell("hidden()", [bars], ["hide-input"]),
);
const options = { name: "01_title" };
const slidesOf = (html: string) =>
  html.slice(html.indexOf('<div class="slides">'), html.indexOf("</main>"));

renderTest(
  "renderDeck() nests columns, slides, fragments and notes as reveal.js reads them",
  async () => {
    const slides = slidesOf(await renderDeck(book, options));
    assertEquals(
      slides.match(/<section>|<\/section>/g)?.join(""),
      "<section><section></section><section></section></section>",
    );
    assertStringIncludes(slides, '<aside class="notes"><div class="cell prose"><p>say this</p>');
    assertStringIncludes(slides, '<div class="fragment"><div class="cell prose"><p>later</p>');
    assert(!slides.includes("left out") && !slides.includes("hidden"));
  },
);

renderTest("renderDeck() opens with the course and the chapter's number", async () => {
  assertStringIncludes(
    slidesOf(await renderDeck(book, options)),
    "Fewer Bytes <span>Chapter 1</span>",
  );
});

renderTest("renderDeck() leads links between notebooks to the pages", async () => {
  assertStringIncludes(await renderDeck(book, options), 'href="../build/02_x.html"');
  assertStringIncludes(
    await renderDeck(book, { ...options, notebookHref: (name) => `/c/${name}.html` }),
    'href="/c/02_x.html"',
  );
});

renderTest("renderDeck() refuses a notebook of which nothing shows", async () => {
  await assertRejects(
    () => renderDeck(notebookOf(proseCell("# A", "skip")), options),
    RangeError,
    "Cannot cut slides",
  );
});

renderTest("renderDeck() puts everything the sample needs into the file", async () => {
  const html = await renderDeck(sample, options);
  assertEquals(findRequests(html.slice(0, html.indexOf('<script type="module">'))), []);
  assert(!/\bimport\s*["'(]https?:/.test(html));
});
