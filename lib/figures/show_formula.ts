import { type Formula, symbolTex } from "../numeric/mod.ts";
import { type Displayed, displayed } from "./displayed.ts";

/**
 * Shows formulas as mathematics, with the meaning of the symbols that they use. What is shown is the text that is computed.
 *
 * @param formulas One, or some that share their symbols.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { formula } from "@fewer-bytes/numeric";
 * import { showFormula } from "@fewer-bytes/figures";
 *
 * const ridge = formula("ridge = peak / bandwidth", { ridge: "FLOP/B", peak: "FLOP/s", bandwidth: "B/s" });
 * assertStringIncludes(showFormula(ridge).text, "peak: FLOP/s");
 * ```
 */
export function showFormula(
  ...formulas: readonly [Formula, ...Formula[]]
): Displayed & { readonly text: string } {
  const used = new Set(
    formulas.flatMap(({ expression }) => expression.match(/[A-Za-z]\w*/g) ?? []),
  );
  const meanings = new Map(
    formulas.flatMap(({ symbols }) => Object.entries(symbols)).filter(([symbol]) =>
      used.has(symbol)
    ),
  );
  const text = [
    ...formulas.map(({ expression }) => expression),
    ...Array.from(meanings, ([symbol, meaning]) => `  ${symbol}: ${meaning}`),
  ].join("\n");
  const markdown = [
    ...formulas.map(({ tex }) => `$$${tex}$$`),
    Array.from(meanings, ([symbol, meaning]) => `- ${label(symbol)}: ${meaning}`).join("\n"),
  ].join("\n\n");
  return { text, ...displayed({ "text/markdown": markdown, "text/plain": text }) };
}

/** A word in bold; a letter with an index, or a Greek one, as the formula has it. */
function label(symbol: string): string {
  const tex = symbolTex(symbol);
  if (/^[A-Z]_|^\\(?!text)/.test(tex)) return `$${tex}$`;
  return `**${symbol.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}**`;
}
