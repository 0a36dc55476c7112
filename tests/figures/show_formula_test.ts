import { assertEquals, assertStringIncludes } from "@std/assert";
import { formula } from "@fewer-bytes/numeric";
import { showFormula } from "@fewer-bytes/figures";

const symbols = { a: "first", b: "second", c: "third", sum: "of all" };
const shown = (value: object) =>
  (value as Record<symbol, () => Record<string, unknown>>)[Symbol.for("Jupyter.display")]!();

Deno.test("showFormula() explains the symbols that a formula uses, and no others", () => {
  assertEquals(
    showFormula(formula("sum = a + b", symbols)).text,
    "sum = a + b\n  a: first\n  b: second\n  sum: of all",
  );
});

Deno.test("showFormula() shows several formulas, and explains each symbol once", () => {
  const one = formula("b = 2 * a", symbols), two = formula("c = a * b", symbols);
  const markdown = String(shown(showFormula(one, two))["text/markdown"]);
  assertStringIncludes(markdown, `$$${one.tex}$$\n\n$$${two.tex}$$`);
  assertEquals(markdown.match(/\*\*a\*\*/g)?.length, 1);
});
