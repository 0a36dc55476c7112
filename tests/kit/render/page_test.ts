import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { findRequests, renderPage } from "../../../kit/render/mod.ts";
import { codeCell, notebookOf, proseCell, renderTest, sample } from "./sample.ts";

const chapters = [
  { name: "00_welcome", title: "Welcome" },
  { name: "01_memory_wall", title: "The *memory* wall" },
  { name: "02_arithmetic", title: "Arithmetic" },
];
const options = { name: "01_memory_wall", chapters };
const small = notebookOf(
  proseCell("# The memory wall\n\n## One\n\n### Inner"),
  proseCell("say this", "notes"),
  proseCell("## Two"),
);

renderTest(
  "renderPage() leads to the chapters before and after, the deck and the index",
  async () => {
    const html = await renderPage(small, options);
    assertStringIncludes(
      html,
      '<a class="prev" rel="prev" href="00_welcome.html"><span>Previous chapter</span>Welcome</a>',
    );
    assertStringIncludes(
      html,
      '<a class="next" rel="next" href="02_arithmetic.html"><span>Next chapter</span>Arithmetic</a>',
    );
    assertStringIncludes(html, 'href="../slides/01_memory_wall.html">Slides</a>');
    assertStringIncludes(html, 'href="index.html">Fewer Bytes</a>');
    assertStringIncludes(html, "<title>The memory wall · Fewer Bytes</title>");
  },
);

renderTest("renderPage() links no chapter before the first and none after the last", async () => {
  assert(!(await renderPage(small, { ...options, name: "00_welcome" })).includes('rel="prev"'));
  assert(!(await renderPage(small, { ...options, name: "02_arithmetic" })).includes('rel="next"'));
});

renderTest("renderPage() links the deck and the notebook where it is told", async () => {
  const html = await renderPage(small, { ...options, deckHref: null, notebookHref: "../n.ipynb" });
  assert(!html.includes(">Slides</a>"));
  assertStringIncludes(html, 'href="../n.ipynb">Notebook</a>');
});

renderTest("renderPage() lists the sections, and only those, as contents", async () => {
  const contents =
    (await renderPage(small, options)).match(/<nav class="contents"[^]*?<\/nav>/)?.[0] ?? "";
  assertEquals(contents.match(/(?<=href=")[^"]*/g), ["#one", "#two"]);
});

renderTest("renderPage() leaves speaker notes to the deck", async () => {
  assert(!(await renderPage(small, options)).includes("say this"));
});

renderTest("renderPage() refuses a picture that lies elsewhere", async () => {
  const book = notebookOf(proseCell("# A\n\n![a](https://example.org/a.png)"));
  await assertRejects(
    () => renderPage(book, options),
    RangeError,
    "current value is https://example.org/a.png",
  );
});

renderTest("renderPage() gives the same page for the same notebook", async () => {
  const book = notebookOf(proseCell("# A"), codeCell("const x = 1;", []));
  assertEquals(await renderPage(book, options), await renderPage(book, options));
});

renderTest(
  "renderPage() puts everything the sample needs into the file, each name once",
  async () => {
    const html = await renderPage(sample, options);
    assertEquals(findRequests(html), []);
    const body = html.slice(html.indexOf("<body>"));
    const ids = body.match(/(?<=\sid=")[^"]*/g) ?? [];
    assertEquals(ids.length, new Set(ids).size);
    const labels = body.match(/(?<=role="region" aria-label=")[^"]*/g) ?? [];
    assertEquals(labels.length, new Set(labels).size);
    assert(!body.includes("<script>alert"));
  },
);
