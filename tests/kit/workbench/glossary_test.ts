import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import glossary from "../../../data/glossary.json" with { type: "json" };
import { type Notebook, parseNotebook, text } from "../../../kit/notebook/mod.ts";
import { escapeHtml } from "../../../kit/render/escape.ts";
import { createLabels } from "../../../kit/render/labels.ts";
import { createMarkdown } from "../../../kit/render/markdown.ts";
import { readGlossary } from "../../../kit/workbench/glossary.ts";
import { notebooks } from "../../exercises/notebooks.ts";
import { notebookOf, proseCell } from "../render/sample.ts";

const course = Object.entries(notebooks).map(([file, json]) => {
  const name = file.replace(/\.ipynb$/, "");
  return { name, book: parseNotebook(json, name) };
});

/** The cells of a chapter's page: all but the speaker notes. */
function pageCells(book: Notebook) {
  return book.cells.filter(({ metadata }) => metadata.slideshow?.slide_type !== "notes");
}

/** What a reader of a chapter sees of prose and code, in one line, without Markdown's marks. */
function wordsOf(book: Notebook): string {
  return pageCells(book).map(({ source }) => text(source)).join("\n")
    .replaceAll(/[*_`]/g, "").replaceAll(/\s+/g, " ");
}

/** Whether a name stands in a text as words of their own, in the singular or the plural. */
function occurs(name: string, words: string): boolean {
  const [before, after] = ["(?<![\\p{L}\\p{N}])", "(?:e?s)?(?![\\p{L}\\p{N}])"];
  return new RegExp(before + RegExp.escape(name) + after, "iu").test(words);
}

/** The headings of a chapter as its page has them: "id: words". */
function headingsOf(book: Notebook): string[] {
  const markdown = createMarkdown({
    highlight: escapeHtml,
    label: createLabels(),
    anchors: true,
    notebookHref: String,
  });
  const html = pageCells(book).filter((cell) => cell.cell_type === "markdown")
    .map(({ source }) => markdown(text(source)).html).join("");
  return [...html.matchAll(/<h[23] id="([^"]+)">(.*?) <a class="anchor"/g)].map(([, id, words]) =>
    `${id}: ${words}`
  );
}

Deno.test("every entry of the glossary leads to its section in the page of its chapter", () => {
  const pages = new Map(course.map(({ name, book }) => [name, headingsOf(book)]));
  const entries = readGlossary(glossary, course);
  assertEquals(entries.length, glossary.length);
  entries.forEach(({ term, chapter, number, anchor, definition }, index) => {
    const { section } = glossary[index]!;
    assertEquals(term, glossary[index]!.term);
    assertEquals(number, Number(chapter.slice(0, 2)), term);
    assert(pages.get(chapter)?.includes(`${anchor}: ${escapeHtml(section)}`), term);
    for (const [, name, id] of definition.matchAll(/href="\/chapters\/([^"#]+)#([^"]+)"/g)) {
      assert(pages.get(name!)?.some((heading) => heading.startsWith(`${id}: `)), term);
    }
  });
});

Deno.test("the terms of the glossary are in alphabetical order, whatever their case", () => {
  const terms = glossary.map(({ term }) => term.toLowerCase());
  assertEquals(terms, terms.toSorted());
});

Deno.test("each term, or another name of it, occurs in the chapter that explains it", () => {
  const words = new Map(course.map(({ name, book }) => [name, wordsOf(book)]));
  const absent = glossary.filter(({ term, also = [], chapter }) =>
    ![term, ...also].some((name) => occurs(name, words.get(chapter) ?? ""))
  );
  assertEquals(absent.map(({ term }) => term), []);
});

Deno.test("every chapter from 01 to 18 explains at least three terms", () => {
  const explained = Map.groupBy(glossary, ({ chapter }) => chapter);
  const few = course.filter(({ name }) =>
    name !== "00_welcome" && (explained.get(name)?.length ?? 0) < 3
  );
  assertEquals(few.map(({ name }) => name), []);
});

Deno.test("a definition is one paragraph of at most three sentences, all its formulas set", () => {
  for (const { term, definition } of glossary) {
    const sentences = definition.replaceAll(/\$[^$]*\$/g, "x").match(/[.?!](?=\s|$)/g) ?? [];
    assert(sentences.length >= 1 && sentences.length <= 3, term);
    assert(!definition.includes("\n"), term);
  }
  for (const { term, definition } of readGlossary(glossary, course)) {
    assert(!/<(?:p|div|pre|ul|ol|h\d)\b|\$/.test(definition), term);
  }
});

const small = notebookOf(
  proseCell("# Tiles"),
  proseCell("#### Tiles\n\n## Said aloud", "notes"),
  proseCell("Some *words* first.\n\n## Tiles\n\n### What `K` does\n\n#### Too deep"),
);
const tile = {
  term: "tile",
  definition: "A part of $K$, see [chapter 02](02_more.ipynb#what).",
  chapter: "01_tiles",
  section: "Tiles",
};
const read = (...entries: unknown[]) => readGlossary(entries, [{ name: "01_tiles", book: small }]);

Deno.test("an entry has its definition as HTML, its chapter's number, and the fragment of its section", () => {
  const [first, second] = read(
    { ...tile, also: ["block", "piece"] },
    { ...tile, term: "key", definition: "Short & *plain*.", section: "What `K` does" },
  );
  assertEquals(first!.also, ["block", "piece"]);
  assertEquals([first!.chapter, first!.number, first!.anchor], ["01_tiles", 1, "tiles-2"]);
  assertMatch(first!.definition, /^A part of <span class="katex">.*<\/span>, see <a /);
  assertMatch(first!.definition, /href="\/chapters\/02_more#what"/);
  assertEquals(second, {
    term: "key",
    also: [],
    definition: "Short &amp; <em>plain</em>.",
    chapter: "01_tiles",
    number: 1,
    anchor: "what-k-does",
  });
});

Deno.test("a section must be a heading of level 2 or 3 on the page, whole", () => {
  for (const section of ["Too deep", "Tile", "Said aloud", "What K does"]) {
    assertThrows(
      () => read({ ...tile, section }),
      RangeError,
      "Cannot explain tile as its section must be a heading of level 2 or 3 in 01_tiles: " +
        `current value is ${section}`,
    );
  }
});

Deno.test("a chapter that is not in the course is refused", () => {
  assertThrows(
    () => read({ ...tile, chapter: "02_more" }),
    RangeError,
    "Cannot explain tile as its chapter must be one of the course: current value is 02_more",
  );
});

Deno.test("a name that stands twice is refused, whatever its case and whichever kind of name it is", () => {
  for (
    const second of [{ ...tile, term: "TILE" }, { ...tile, term: "block", also: ["Tile"] }, {
      ...tile,
      term: "key",
      also: ["Piece"],
    }]
  ) {
    assertThrows(
      () => read({ ...tile, also: ["piece"] }, second),
      RangeError,
      `Cannot explain ${second.term} as each name must stand once in the glossary: current value is`,
    );
  }
});

Deno.test("a broken entry is refused with its term, its field and its value", () => {
  const cases: [entry: unknown, message: string][] = [
    [{ ...tile, definition: undefined }, "the glossary: tile: definition: "],
    [{ ...tile, also: "block" }, "the glossary: tile: also: "],
    [{ ...tile, also: [] }, "the glossary: tile: also: "],
    [{ ...tile, section: " " }, 'tile: section: must not be empty: current value is " "'],
    [{ ...tile, term: 7 }, "the glossary: entry 1: term: "],
    [{ ...tile, notes: "?" }, "the glossary: tile: "],
    ["tile", "the glossary: entry 1: "],
  ];
  for (const [entry, message] of cases) assertThrows(() => read(entry), TypeError, message);
  assertThrows(() => readGlossary({ tile }, []), TypeError, "it must be a list of terms");
});

Deno.test("a formula that cannot be set is refused", () => {
  assertThrows(() => read({ ...tile, definition: "$\\nothing$" }), SyntaxError, "\\nothing");
});
