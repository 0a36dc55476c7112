import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createLabels } from "../../../kit/render/labels.ts";
import { createMarkdown, type Markdown } from "../../../kit/render/markdown.ts";

function fresh(anchors = true): Markdown {
  const highlight = (code: string, language: string) => `<pre>${language}:${code}</pre>`;
  return createMarkdown({
    highlight,
    label: createLabels(),
    anchors,
    notebookHref: (name) => `to/${name}.html`,
  });
}

Deno.test("markdown gives each heading an id and a link to itself", () => {
  const { html, headings } = fresh()("## What moves, *per step*?");
  assertStringIncludes(html, '<h2 id="what-moves-per-step">');
  assertStringIncludes(
    html,
    'href="#what-moves-per-step" aria-label="Link to What moves, per step?"',
  );
  assertEquals(headings, [{
    level: 2,
    id: "what-moves-per-step",
    html: "What moves, <em>per step</em>?",
  }]);
});

Deno.test("markdown keeps ids apart across the cells of one document", () => {
  const markdown = fresh();
  assertEquals(markdown("## Your turn").headings[0]?.id, "your-turn");
  assertEquals(markdown("## Your turn").headings[0]?.id, "your-turn-2");
});

Deno.test("markdown puts no ids on a deck's headings", () => {
  assertEquals(fresh(false)("# Title").html, "<h1>Title</h1>\n");
});

Deno.test("markdown leads links between notebooks to their pages and leaves others alone", () => {
  assertStringIncludes(
    fresh()("[a](02_transformer_arithmetic.ipynb#x)").html,
    'href="to/02_transformer_arithmetic.html#x"',
  );
  assertStringIncludes(
    fresh()("[a](https://example.org/b.ipynb)").html,
    'href="https://example.org/b.ipynb"',
  );
});

Deno.test("markdown does not turn bare addresses into links", () => {
  assert(!fresh()("see https://example.org").html.includes("<a"));
});

Deno.test("markdown puts tables and code in boxes that the keyboard can scroll, each with its own name", () => {
  const { html } = fresh()("|a|\n|-|\n|1|\n\n```ts\nx\n```\n\n```json\ny\n```");
  assertStringIncludes(html, 'role="region" aria-label="Table 1" tabindex="0"><table>');
  assertStringIncludes(html, 'aria-label="Example 1" tabindex="0"><pre>ts:x</pre>');
  assertStringIncludes(html, 'aria-label="Example 2" tabindex="0"><pre>json:y</pre>');
});

Deno.test("markdown shows the files that a cell carries", () => {
  const { html } = fresh()("![a cat](attachment:my%20cat.png)", {
    "my cat.png": "data:image/png;base64,AAAA",
  });
  assertStringIncludes(html, '<img src="data:image/png;base64,AAAA" alt="a cat">');
});

Deno.test("markdown.inline() renders a title without a paragraph", () => {
  assertEquals(fresh().inline("The *wall*"), "The <em>wall</em>");
});
