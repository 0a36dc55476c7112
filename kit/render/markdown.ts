import MarkdownIt from "markdown-it";
import { escapeHtml } from "./escape.ts";
import type { Highlight } from "./highlight.ts";
import { type Label, scrollBox } from "./labels.ts";
import { math } from "./math.ts";
import { createSlugs } from "./slug.ts";

/** A heading of a document, for its table of contents. `html` is its inline content, formulas set. */
export interface Heading {
  level: number;
  id: string;
  html: string;
}

/** Prose turned into HTML, with the headings found on the way. */
export interface Prose {
  html: string;
  headings: Heading[];
}

/** Renders the prose of one document. Files that a cell carries with it are given by name, as data URLs. */
export interface Markdown {
  (source: string, attachments?: Readonly<Record<string, string>>): Prose;
  /** Renders a title or one line, without a paragraph around it. */
  inline(source: string): string;
}

export interface MarkdownOptions {
  highlight: Highlight;
  label: Label;
  /** Whether headings get an id and a link to themselves. A deck has addresses of its own. */
  anchors: boolean;
  /** What a link to another notebook becomes. */
  notebookHref: (name: string) => string;
}

const notebookLink = /^(?:\.\/)?([\w-]+)\.ipynb(#.*)?$/;

/**
 * A renderer for the prose of one document: CommonMark, tables, HTML, `$formulas$`, highlighted code, heading anchors.
 * Headings stay unique across all the cells that one renderer is given.
 */
export function createMarkdown(
  { highlight, label, anchors, notebookHref }: MarkdownOptions,
): Markdown {
  const markdown = new MarkdownIt({ html: true, linkify: false }).use(math);
  const uniqueSlug = createSlugs();
  const rules = markdown.renderer.rules;

  rules["fence"] = (tokens, index) => {
    const token = tokens[index];
    const language = token?.info.trim().split(/\s+/)[0] ?? "";
    return scrollBox("code", label("Example"), highlight(token?.content.trimEnd() ?? "", language));
  };
  rules["code_block"] = (tokens, index) =>
    scrollBox("code", label("Example"), highlight(tokens[index]?.content.trimEnd() ?? "", ""));
  rules["table_open"] = () =>
    `<div class="table" role="region" aria-label="${label("Table")}" tabindex="0"><table>`;
  rules["table_close"] = () => "</table></div>";

  markdown.core.ruler.push("notebook_links", (state) => {
    for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
      const [, name, fragment = ""] = notebookLink.exec(String(token.attrGet("href") ?? "")) ?? [];
      if (name) token.attrSet("href", notebookHref(name) + fragment);
    }
  });
  markdown.core.ruler.push("attachments", (state) => {
    const attachments = state.env["attachments"] as Record<string, string> | undefined;
    for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
      const name = /^attachment:(.+)$/.exec(String(token.attrGet("src") ?? ""))?.[1];
      const file = name && attachments?.[decodeURIComponent(name)];
      if (file) token.attrSet("src", file);
    }
  });
  markdown.core.ruler.push("headings", (state) => {
    const headings = state.env["headings"] as Heading[];
    state.tokens.forEach((token, index) => {
      const inline = state.tokens[index + 1];
      if (token.type !== "heading_open" || !inline) return;
      const words = (inline.children ?? []).map((child) => child.content).join("");
      const html = markdown.renderer.renderInline(
        inline.children ?? [],
        state.md.options,
        state.env,
      )
        .replaceAll(/<\/?a\b[^>]*>/g, "");
      const heading = { level: Number(token.tag.slice(1)), id: uniqueSlug(words), html };
      headings.push(heading);
      if (!anchors) return;
      token.attrSet("id", heading.id);
      const link = new state.Token("html_inline", "", 0);
      link.content = ` <a class="anchor" href="#${heading.id}" aria-label="Link to ${
        escapeHtml(words)
      }">#</a>`;
      inline.children?.push(link);
    });
  });

  const render = (source: string, attachments: Readonly<Record<string, string>> = {}) => {
    const headings: Heading[] = [];
    const html = markdown.render(source, { headings, attachments });
    return { html, headings };
  };
  return Object.assign(render, {
    inline: (source: string) => markdown.renderInline(source, { headings: [] }),
  });
}
