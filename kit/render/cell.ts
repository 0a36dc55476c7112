import { type Cell, type CodeCell, text } from "../notebook/mod.ts";
import type { Highlight } from "./highlight.ts";
import { type Label, scrollBox } from "./labels.ts";
import type { Heading, Markdown } from "./markdown.ts";
import { joinStreams, renderOutput } from "./output.ts";

export interface CellContext {
  highlight: Highlight;
  markdown: Markdown;
  label: Label;
  /** What a code cell tagged `hide-input` shows of its source: folded away on a page, nothing on a slide. */
  hiddenInput: "fold" | "omit";
}

/** A cell as HTML, with the headings of its prose. Empty when there is nothing to show. */
export interface RenderedCell {
  html: string;
  headings: Heading[];
}

/** The files a Markdown cell carries, as data URLs by name. */
export function attachments(cell: Cell): Record<string, string> {
  const files = Object.entries(
    (cell["attachments"] ?? {}) as Record<string, Record<string, string>>,
  );
  return Object.fromEntries(files.flatMap(([name, bundle]) => {
    const [type, data] = Object.entries(bundle)[0] ?? [];
    return type && data ? [[name, `data:${type};base64,${data.replaceAll(/\s/g, "")}`]] : [];
  }));
}

function renderSource(cell: CodeCell, { highlight, label, hiddenInput }: CellContext): string {
  const source = text(cell.source).trim();
  const hidden = cell.metadata.tags?.includes("hide-input") ?? false;
  if (source === "" || hidden && hiddenInput === "omit") return "";
  const code = scrollBox("code", label("Code"), highlight(source, "typescript"));
  return hidden ? `<details class="folded"><summary>Code</summary>${code}</details>` : code;
}

/** One cell as HTML. `number` counts the notebook's cells from 1; raw cells are for other exporters and show nothing. */
export function renderCell(cell: Cell, number: number, context: CellContext): RenderedCell {
  if (cell.cell_type === "raw") return { html: "", headings: [] };
  if (cell.cell_type === "markdown") {
    const { html, headings } = context.markdown(text(cell.source), attachments(cell));
    return { html: html && `<div class="cell prose">${html}</div>`, headings };
  }
  const outputs = joinStreams(cell.outputs).map((output, index) =>
    renderOutput(output, {
      markdown: context.markdown,
      label: context.label,
      prefix: `cell-${number}-${index + 1}`,
    })
  );
  const html = renderSource(cell, context) + outputs.join("");
  return { html: html && `<div class="cell">${html}</div>`, headings: [] };
}
