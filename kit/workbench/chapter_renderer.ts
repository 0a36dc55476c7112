import { stripVTControlCharacters } from "node:util";
import { exerciseIds } from "../exercises/answer_cell.ts";
import { type Cell, type CodeCell, type Notebook, type Output, text } from "../notebook/mod.ts";
import { attachments } from "../render/cell.ts";
import { escapeHtml } from "../render/escape.ts";
import { highlighter } from "../render/highlight.ts";
import { createLabels } from "../render/labels.ts";
import { createMarkdown, type Heading, type Markdown } from "../render/markdown.ts";
import { joinStreams, renderOutput } from "../render/output.ts";
import type { CellView, CodeView } from "./protocol.ts";

/** Where a chapter is in the workbench. */
export function chapterHref(name: string): string {
  return `/chapters/${encodeURIComponent(name)}`;
}

/** Where its deck is: from the notebook as it is, or as the course made it. */
export function deckHref(name: string, which: "own" | "course"): string {
  return `/decks/${encodeURIComponent(name)}/${which}`;
}

/** How much of one printed output is shown, in UTF-16 units. */
const limit = 200_000;
const cut = "\n… The rest is in the notebook's file.";

/**
 * What is shown of a printed text: without colors for a terminal and newlines at its end, and not without end, as the
 * file has all of it. When a text grows by printing on, what is shown of it grows at its end too.
 */
export function shownText(whole: string): string {
  const shown = stripVTControlCharacters(whole.slice(0, limit)).replace(/\n+$/, "");
  return whole.length > limit ? shown + cut : shown;
}

function withShownText(output: Output): Output {
  return output.output_type === "stream"
    ? { ...output, text: shownText(text(output.text)) }
    : output;
}

/** Turns the cells of an open chapter into what its page shows, by the same renderer as the static pages. */
export class ChapterRenderer {
  private constructor(
    private readonly prose: Markdown,
    private readonly printed: Markdown,
  ) {}

  /** A renderer for one look at a chapter: headings are numbered from the start. */
  static async create(): Promise<ChapterRenderer> {
    const highlight = await highlighter();
    const options = { highlight, label: createLabels(), notebookHref: chapterHref };
    return new ChapterRenderer(
      createMarkdown({ ...options, anchors: true }),
      createMarkdown({ ...options, anchors: false }),
    );
  }

  /** The cells as the page shows them, without their speaker notes, and the headings among them. */
  cells(book: Notebook): { cells: CellView[]; headings: Heading[] } {
    const headings: Heading[] = [];
    const cells = book.cells.flatMap((cell, index): CellView[] => {
      if (cell.cell_type === "code") return [this.code(cell, index + 1)];
      if (cell.cell_type === "raw" || cell.metadata.slideshow?.slide_type === "notes") return [];
      const html = this.#prose(cell, headings);
      return html === "" ? [] : [{ kind: "prose", id: cell.id, html }];
    });
    return { cells, headings };
  }

  #prose(cell: Cell, headings: Heading[]): string {
    const source = text(cell.source);
    try {
      const prose = this.prose(source, attachments(cell));
      headings.push(...prose.headings);
      return prose.html;
    } catch (error) {
      // A formula that cannot be set is shown as it was written.
      return `<pre>${escapeHtml(source)}</pre><p>${escapeHtml((error as Error).message)}</p>`;
    }
  }

  /** A code cell that does not run. `number` is its position among all cells, from 1. */
  code(cell: CodeCell, number: number): CodeView {
    const [exercise] = exerciseIds({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [cell],
    });
    return {
      kind: "code",
      id: cell.id,
      number,
      source: text(cell.source),
      folded: cell.metadata.tags?.includes("hide-input") ?? false,
      ...(exercise !== undefined && { exercise }),
      own: false,
      count: cell.execution_count,
      outputs: joinStreams(cell.outputs).map((output, index) => this.output(output, number, index)),
      state: "idle",
    };
  }

  /** The outputs of a cell, printed pieces of one stream joined. */
  outputs(outputs: readonly Output[], number: number): string[] {
    return outputs.map((output, index) => this.output(output, number, index));
  }

  /** One output of a cell. What cannot be shown says why, as the notebook may come from anywhere. */
  output(output: Output, number: number, index: number): string {
    const label = (kind: string) => `${kind} ${index + 1} of cell ${number}`;
    const prefix = `cell-${number}-${index + 1}`;
    try {
      return renderOutput(withShownText(output), { markdown: this.printed, label, prefix });
    } catch (error) {
      const message = escapeHtml((error as Error).message);
      return `<div class="output error"><p>${message}</p></div>`;
    }
  }

  /** Markdown as HTML: documentation of a name, a solution. */
  markdown(source: string): string {
    return this.printed(source).html;
  }
}
