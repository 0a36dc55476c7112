import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import MarkdownIt from "markdown-it";
import { math, readFormula, renderFormula } from "../../../kit/render/math.ts";

const render = (source: string) => new MarkdownIt({ html: true }).use(math).render(source);
const formulas = (source: string) =>
  Array.from(
    render(source).matchAll(/<annotation encoding="application\/x-tex">([^<]*)</g),
    (match) => match[1],
  );

Deno.test("math finds an inline formula between dollars that touch it", () => {
  assertEquals(formulas("The ridge is $I = \\pi / \\beta$, and $n$th is fine."), [
    "I = \\pi / \\beta",
    "n",
  ]);
});

for (
  const prices of [
    "It costs $5 and $6.",
    "From $5-$6 an hour.",
    "US$5 or A$6, both.",
    "**$5** and **$6**",
    "A price of $ 5 $ apart.",
    "One $ alone.",
    "$5 buys `a$b`.",
    "($5)/($6)",
    "Escaped \\$x\\$ dollars.",
    "Empty $$ too.",
  ]
) {
  Deno.test(`math leaves money alone: ${prices}`, () => assertEquals(formulas(prices), []));
}

Deno.test("math finds the formula after a price", () => {
  assertEquals(formulas("At $5 an hour, $n$ hours cost more."), ["n"]);
});

Deno.test("math leaves code spans and fenced code alone", () => {
  assertEquals(formulas("`$x$` and ``$y$``\n\n```\n$z$\n$$w$$\n```\n\n    $v$\n"), []);
});

Deno.test("math takes TeX as it is written, with no Markdown read into it", () => {
  assertEquals(formulas("$a_1 * b_2 * c_1 \\$ d$"), ["a_1 * b_2 * c_1 \\$ d"]);
});

Deno.test("math displays a block over several lines and goes on with the text after it", () => {
  const html = render("Before\n$$\nt = \\frac{N}{\\beta}\n$$\nAfter");
  assertStringIncludes(html, "katex-display");
  assert(/^<p>Before<\/p>/.test(html) && /<p>After<\/p>\n$/.test(html), html);
});

Deno.test("math displays a formula inside a paragraph, a list and a quotation", () => {
  assertStringIncludes(render("So $$x$$."), 'class="math"');
  assertStringIncludes(render("- one\n\n  $$x$$\n"), "katex-display");
  assertStringIncludes(render("> $$\n> x\n> $$\n"), "katex-display");
});

Deno.test("math leaves an unclosed display as text", () => {
  assertEquals(formulas("$$x + 1\n\nmore"), []);
});

Deno.test("readFormula() tells where the formula ends", () => {
  assertEquals(readFormula("a $x$ b", 2), { tex: "x", display: false, end: 5 });
  assertEquals(readFormula("$$x$$", 0), { tex: "x", display: true, end: 5 });
});

Deno.test("renderFormula() gives MathML beside the picture, for screen readers", () => {
  assertStringIncludes(renderFormula("x^2", false), "<math xmlns");
});

Deno.test("renderFormula() names the formula that cannot be set", () => {
  assertThrows(
    () => renderFormula("\\frac{1", false),
    SyntaxError,
    'Cannot set the formula "\\\\frac{1"',
  );
});
