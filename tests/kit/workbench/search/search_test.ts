import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { type Notebook, parseNotebook, text } from "../../../../kit/notebook/mod.ts";
import { escapeHtml } from "../../../../kit/render/escape.ts";
import { createLabels } from "../../../../kit/render/labels.ts";
import { createMarkdown } from "../../../../kit/render/markdown.ts";
import { createSearch } from "../../../../kit/workbench/search/search.ts";
import { readSections } from "../../../../kit/workbench/search/search_section.ts";
import { notebooks } from "../../../exercises/notebooks.ts";

type Output = Extract<Notebook["cells"][number], { cell_type: "code" }>["outputs"][number];

const prose = (source: string, slide_type?: string): Notebook["cells"][number] => ({
  cell_type: "markdown",
  id: "prose",
  metadata: slide_type === undefined ? {} : { slideshow: { slide_type } },
  source,
});
const code = (source: string, outputs: Output[] = []): Notebook["cells"][number] => ({
  cell_type: "code",
  id: "code",
  metadata: {},
  source,
  execution_count: null,
  outputs,
});
const printed = (source: string): Output => ({
  output_type: "display_data",
  data: { "text/markdown": source, "text/plain": "plain" },
  metadata: {},
});
const notebook = (...cells: Notebook["cells"]): Notebook => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells,
});

const gardens = {
  name: "03_gardens",
  book: notebook(
    prose("# Gardens\n\nWhat grows where?"),
    prose("## Apples\n\nA **tree** bears [apples](x.html), `n` of them, in $n$ weeks."),
    code("const pears = harvestPears(2);", [printed("It gave **12** pears & one <i>plum</i>.")]),
    prose("A plum is never mentioned to the audience; the gardener is.", "notes"),
    prose("### Your turn\n\n| tool | use |\n|---|---|\n| rake | leaves |"),
    prose("## Roses\n\n#### Of old\n\nThorns."),
    prose("### Your turn\n\n```ts\nprune(roses);\n```\n\n$$\\frac{thorn}{rose}$$"),
  ),
};
const towns = {
  name: "04_towns",
  book: notebook(prose("Before any heading.\n\n# Towns\n\nAn apple and a pear in the market.")),
};
const search = createSearch([gardens, towns]);
const places = (query: string, limit?: number) =>
  search.find(query, limit).map(({ chapter, anchor }) => `${chapter}#${anchor}`);

Deno.test("a chapter is cut at its headings of level 1 to 3, in prose without Markdown, and code", () => {
  const shown = readSections(gardens.name, gardens.book).map((
    { heading, anchor, prose, code },
  ) => [heading, anchor, prose, code]);
  assertEquals(shown, [
    ["Gardens", "gardens", "What grows where?", ""],
    [
      "Apples",
      "apples",
      "A tree bears apples, n of them, in n weeks. It gave 12 pears & one plum.",
      "const pears = harvestPears(2);",
    ],
    ["Your turn", "your-turn", "tool use rake leaves", ""],
    ["Roses", "roses", "Of old Thorns.", ""],
    ["Your turn", "your-turn-2", "", "prune(roses);"],
  ]);
  assertEquals(
    readSections(towns.name, towns.book).map((
      { title, heading, anchor, prose },
    ) => [title, heading, anchor, prose]),
    [
      ["Towns", "", "", "Before any heading."],
      ["Towns", "Towns", "towns", "An apple and a pear in the market."],
    ],
  );
});

Deno.test("every section of the course has the fragment that its page gives to the heading", () => {
  for (const [file, json] of Object.entries(notebooks)) {
    const book = parseNotebook(json, file);
    const markdown = createMarkdown({
      highlight: escapeHtml,
      label: createLabels(),
      anchors: true,
      notebookHref: (name) => name,
    });
    const headings = book.cells.flatMap((cell) =>
      cell.cell_type !== "markdown" || cell.metadata.slideshow?.slide_type === "notes"
        ? []
        : markdown(text(cell.source)).headings
    );
    const sections = readSections(file, book).filter(({ anchor }) => anchor !== "");
    assert(sections.length > 3, file);
    assertEquals(
      sections.map(({ anchor }) => anchor),
      headings.filter(({ level }) => level <= 3).map(({ id }) => id),
    );
  }
});

Deno.test("a hit tells where the words stand, and marks them in what is said there", () => {
  assertEquals(search.find("tree weeks"), [{
    chapter: "03_gardens",
    number: 3,
    title: "Gardens",
    heading: "Apples",
    anchor: "apples",
    excerpt:
      "A <mark>tree</mark> bears apples, n of them, in n <mark>weeks</mark>. It gave 12 pears &amp; one plum.",
  }]);
});

Deno.test("a heading counts more than prose, and prose more than code", () => {
  assertEquals(places("roses"), ["03_gardens#roses", "03_gardens#your-turn-2"]);
  assertEquals(places("apples")[0], "03_gardens#apples");
  assertEquals(places("pear"), ["04_towns#towns", "03_gardens#apples"]);
});

Deno.test("all words must be there; only when they are nowhere together does any of them do", () => {
  assertEquals(places("apple market"), ["04_towns#towns"]);
  assertEquals(new Set(places("rake market")), new Set(["03_gardens#your-turn", "04_towns#towns"]));
});

Deno.test("a beginning, another case, an accent and a slip of the pen find the word", () => {
  for (const query of ["mark", "MARKET", "márket", "maket", "before mar"]) {
    assert(places(query).some((place) => place.startsWith("04_towns")), query);
  }
  assertEquals(places("harvest"), ["03_gardens#apples"], "the parts of a name are words");
  assertEquals(places("13"), [], "another number is no slip of the pen");
});

Deno.test("speaker notes and markup are not found", () => {
  for (const query of ["audience", "frac", "html", "display_data", "strong"]) {
    assertEquals(places(query), [], query);
  }
});

Deno.test("code is shown where a word stands in nothing else", () => {
  assertStringIncludes(search.find("harvest")[0]!.excerpt, "<mark>harvestPears</mark>(2)");
  assertStringIncludes(search.find("prune")[0]!.excerpt, "<mark>prune</mark>(roses)");
});

Deno.test("an excerpt is the part of a long text that holds most of the words, cut between words", () => {
  const filler = "lorem ipsum dolor ".repeat(30);
  const source = `# Long\n\n${filler} zebra ${filler} zebra then <b>okapi</b> & co ${filler} okapi`;
  const { find } = createSearch([{ name: "01_long", book: notebook(prose(source)) }]);
  const { excerpt } = find("zebra okapi")[0]!;
  assertStringIncludes(excerpt, "<mark>zebra</mark> then <mark>okapi</mark> &amp; co lorem");
  assert(/^… (?:lorem|ipsum|dolor) .* (?:lorem|ipsum|dolor) …$/.test(excerpt), excerpt);
  const length = excerpt.replaceAll(/<\/?mark>/g, "").length;
  assert(length > 120 && length < 180, `${length} characters`);
});

Deno.test("of two places with the same words, an excerpt shows the one where they stand together", () => {
  const filler = "lorem ipsum dolor ".repeat(30);
  const source = `# Long\n\n${filler} zebra and okapi ${filler} zebra okapi ${filler}`;
  const { find } = createSearch([{ name: "01_long", book: notebook(prose(source)) }]);
  const { excerpt } = find("zebra okapi")[0]!;
  assertStringIncludes(excerpt, "<mark>zebra</mark> <mark>okapi</mark>");
});

Deno.test("as many hits as wanted are given, 30 unless told", () => {
  const sections = Array.from({ length: 40 }, (_, index) => `## Kiwi ${index}\n\nkiwi`);
  const { find } = createSearch([{
    name: "01_kiwi",
    book: notebook(prose(sections.join("\n\n"))),
  }]);
  assertEquals(find("kiwi").length, 30);
  assertEquals(find("kiwi", 3).length, 3);
});

Deno.test("a query without a word finds nothing, and one of 10,000 characters counts by its beginning", () => {
  for (const query of ["", "   ", "\0", '"', "<>&'", "…", "_"]) assertEquals(places(query), []);
  assertEquals(places("rake ".padEnd(10_000, " zebra ")).length, places("rake zebra").length);
  assertEquals(places("rake" + " ".repeat(200) + "market"), places("rake"));
  for (const query of ["constructor", "__proto__", "toString"]) {
    assertEquals(places(query), [], query);
  }
});

Deno.test("no query and no text brings markup of its own into an excerpt", () => {
  const bad = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
  const hostile = createSearch([{
    name: `01_${bad}`,
    book: notebook(prose(`# Safe ${bad}\n\nzebra \`${bad}\` & \0 ${bad}`), code(`okapi("${bad}")`)),
  }]);
  const words = fc.constantFrom(
    "zebra",
    "okapi",
    "script",
    "alert",
    "<script>",
    "</mark>",
    bad,
    "\0",
  );
  const query = fc.array(fc.oneof(words, fc.string({ unit: "binary" })), { maxLength: 6 });
  fc.assert(fc.property(query, (parts) => {
    for (const { excerpt } of hostile.find(parts.join(" "))) {
      const marks = excerpt.match(/<\/?mark>/g) ?? [];
      assert(marks.every((mark, index) => mark === (index % 2 === 0 ? "<mark>" : "</mark>")));
      assert(!/[<>"']/.test(excerpt.replaceAll(/<\/?mark>/g, "")), excerpt);
    }
  }));
  assertStringIncludes(hostile.find("script")[0]!.excerpt, "&lt;<mark>script</mark>&gt;");
});

Deno.test("a chapter that has changed is found by what it says now, and others stay", () => {
  const { find, update } = createSearch([gardens, towns]);
  assertEquals(find("thorns").length, 1);
  update("03_gardens", notebook(prose("# Gardens\n\nCarrots, in the market, too.")));
  assertEquals(find("thorns"), []);
  assertEquals(find("carrots").map(({ heading }) => heading), ["Gardens"]);
  assertEquals(find("market").length, 2);
  update("05_new", notebook(prose("# New\n\nTurnips.")));
  assertEquals(find("turnips")[0]?.number, 5);
});

Deno.test("in the course, a question leads to the chapter that answers it", () => {
  const chapters = Object.entries(notebooks).map(([file, json]) => ({
    name: file.replace(".ipynb", ""),
    book: parseNotebook(json, file),
  }));
  const { find } = createSearch(chapters);
  const asked: [query: string, chapter: number][] = [
    ["ridge point", 1],
    ["copy on write", 11],
    ["speculatve decoding", 10],
    ["PagedAttention", 11],
    ["outliers", 4],
    ["mixture of experts", 17],
  ];
  for (const [query, chapter] of asked) assertEquals(find(query)[0]?.number, chapter, query);
});
