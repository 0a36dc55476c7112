import katex from "katex";
import type { MarkdownIt } from "markdown-it";

/** A formula found in prose: its TeX, whether it stands on its own line, and the index right after it. */
export interface Formula {
  tex: string;
  display: boolean;
  end: number;
}

/** The index of the next `mark` that no backslash escapes, or -1. */
function indexOfUnescaped(source: string, mark: string, from: number): number {
  for (
    let index = source.indexOf(mark, from);
    index >= 0;
    index = source.indexOf(mark, index + 1)
  ) {
    if (source[index - 1] !== "\\") return index;
  }
  return -1;
}

/**
 * Reads the formula that starts at a dollar sign: `$…$` in a line, `$$…$$` displayed.
 *
 * A price is no formula. The opening dollar must touch what follows, the closing one what precedes it, no digit may
 * follow, and code spans are never crossed: "$5 and $6", "$5-$6" and "$5 buys `a$b`" all stay text.
 */
export function readFormula(source: string, start: number): Formula | undefined {
  const display = source.startsWith("$$", start);
  const mark = display ? "$$" : "$";
  const from = start + mark.length;
  const close = indexOfUnescaped(source, mark, from);
  if (close < 0) return undefined;
  const tex = source.slice(from, close);
  const end = close + mark.length;
  if (tex.trim() === "") return undefined;
  if (!display && (/^\s|\s$|`/.test(tex) || /\d/.test(source[end] ?? ""))) return undefined;
  return { tex, display, end };
}

/**
 * Sets a formula as HTML for the eye and MathML for screen readers, at build time: a page needs no script for it.
 *
 * @throws {SyntaxError} when KaTeX cannot read the formula.
 */
export function renderFormula(tex: string, display: boolean): string {
  try {
    const html = katex.renderToString(tex.trim(), {
      displayMode: display,
      throwOnError: true,
      strict: "ignore",
    });
    if (!display) return html;
    return `<span class="math" role="group" aria-label="Formula" tabindex="0">${html}</span>`;
  } catch (error) {
    throw new SyntaxError(
      `Cannot set the formula ${JSON.stringify(tex)}: ${(error as Error).message}`,
    );
  }
}

/** The markdown-it plugin for formulas, in running text and as a block of their own. */
export function math(markdown: MarkdownIt): void {
  markdown.inline.ruler.after("escape", "math", (state, silent) => {
    if (state.src[state.pos] !== "$") return false;
    const formula = readFormula(state.src, state.pos);
    if (!formula) return false;
    if (!silent) {
      const token = state.push("math", "", 0);
      token.content = formula.tex;
      token.block = formula.display;
    }
    state.pos = formula.end;
    return true;
  });

  const interrupts = { alt: ["paragraph", "reference", "blockquote", "list"] };
  markdown.block.ruler.before("fence", "math_block", (state, startLine, endLine, silent) => {
    const rest = state.getLines(startLine, endLine, state.blkIndent, false).trimStart();
    if (!rest.startsWith("$$")) return false;
    const formula = readFormula(rest, 0);
    // Something after the closing dollars makes it a paragraph with a displayed formula inside.
    if (!formula || /^[^\S\n]*[^\s]/.test(rest.slice(formula.end))) return false;
    if (silent) return true;
    const token = state.push("math", "", 0);
    token.content = formula.tex;
    token.block = true;
    state.line = startLine + rest.slice(0, formula.end).split("\n").length;
    return true;
  }, interrupts);

  markdown.renderer.rules["math"] = (tokens, index) => {
    const token = tokens[index];
    return token ? renderFormula(token.content, token.block) : "";
  };
}
