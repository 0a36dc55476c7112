import type { Formula } from "../numeric/mod.ts";
import { type Displayed, displayed } from "./displayed.ts";

/** Shows a formula as mathematics, with the meaning of its symbols. What is shown is the text that is computed. */
export function showFormula(formula: Formula): Displayed {
  const meanings = Object.entries(formula.symbols).map(([symbol, meaning]) =>
    `- **${words(symbol)}**: ${meaning}`
  );
  return displayed({
    "text/markdown": `$$${formula.tex}$$\n\n${meanings.join("\n")}`,
    "text/plain": [
      formula.expression,
      ...Object.entries(formula.symbols).map(([symbol, meaning]) => `  ${symbol}: ${meaning}`),
    ].join("\n"),
  });
}

function words(symbol: string): string {
  return symbol.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
