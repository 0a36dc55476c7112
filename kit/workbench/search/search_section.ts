import MarkdownIt, { type Token } from "markdown-it";
import { type Cell, type Notebook, text } from "../../notebook/mod.ts";
import { chapterNumber } from "../../render/chapter.ts";
import { math } from "../../render/math.ts";
import { chooseMimeType } from "../../render/output.ts";
import { createSlugs } from "../../render/slug.ts";

/** What stands between a heading of a chapter and the next one, as plain text. */
export interface Section {
  /** The chapter's name. */
  readonly chapter: string;
  readonly number: number;
  /** The chapter's title. */
  readonly title: string;
  /** Empty before the first heading. */
  readonly heading: string;
  /** The heading's fragment on the page of the chapter; empty before the first. */
  readonly anchor: string;
  readonly prose: string;
  readonly code: string;
}

const markdown = new MarkdownIt({ html: true, linkify: false }).use(math);

/** A formula reads well among words only where it is not much more than a name: `n`, `2P`. */
function formulaText({ content, block }: Token): string {
  return block ? "" : /[\\{}]/.test(content) ? "…" : content;
}

function inlineText(tokens: readonly Token[]): string {
  return tokens.map((token) => {
    if (token.type === "math") return formulaText(token);
    if (token.type === "html_inline") return "";
    return /break$/.test(token.type) ? " " : token.content;
  }).join("");
}

/** The prose of a block, and the code that it shows. */
function blockText({ type, content, children }: Token): { prose?: string; code?: string } {
  if (type === "inline") return { prose: inlineText(children ?? []) };
  if (type === "fence" || type === "code_block") return { code: content };
  if (type === "html_block") return { prose: content.replaceAll(/<!--.*?-->|<[^>]*>/gs, " ") };
  return {};
}

/** The Markdown that a cell printed: the sentences whose numbers it has worked out. */
function printedMarkdown(cell: Cell): string[] {
  if (cell.cell_type !== "code") return [];
  return cell.outputs.flatMap((output) => {
    if (output.output_type === "stream" || output.output_type === "error") return [];
    if (chooseMimeType(output.data) !== "text/markdown") return [];
    const source = output.data["text/markdown"];
    return Array.isArray(source) ? source.join("") : String(source);
  });
}

/** A section while it is being read, in pieces. */
interface OpenSection {
  level: number;
  heading: string;
  anchor: string;
  prose: string[];
  code: string[];
}

const open = (level: number, heading: string, anchor: string): OpenSection => ({
  level,
  heading,
  anchor,
  prose: [],
  code: [],
});

function add(section: OpenSection, tokens: readonly Token[]): void {
  for (const { prose, code } of tokens.map(blockText)) {
    if (prose) section.prose.push(prose);
    if (code) section.code.push(code);
  }
}

/**
 * What does a chapter say, and where? Its sections from each heading of level 1 to 3 to the next: the prose without its
 * Markdown, what cells printed as Markdown, and the code. Speaker notes are left out, as on the page.
 *
 * The fragments are those that `createMarkdown` of kit/render gives to the same headings, in the same order.
 *
 * @param name The notebook's file name without `.ipynb`; it stands for the title where there is none.
 */
export function readSections(name: string, book: Notebook): Section[] {
  const uniqueSlug = createSlugs();
  const sections = [open(0, "", "")];
  for (const cell of book.cells) {
    if (cell.cell_type === "raw" || cell.metadata.slideshow?.slide_type === "notes") continue;
    if (cell.cell_type === "code") {
      sections.at(-1)!.code.push(text(cell.source));
      for (const source of printedMarkdown(cell)) add(sections.at(-1)!, markdown.parse(source, {}));
      continue;
    }
    const tokens = markdown.parse(text(cell.source), {});
    tokens.forEach((token, index) => {
      const children = tokens[index - 1]?.type === "heading_open"
        ? token.children ?? []
        : undefined;
      if (!children) return add(sections.at(-1)!, [token]);
      const anchor = uniqueSlug(children.map(({ content }) => content).join(""));
      const level = Number(tokens[index - 1]!.tag.slice(1));
      if (level <= 3) sections.push(open(level, inlineText(children).trim(), anchor));
      else add(sections.at(-1)!, [token]);
    });
  }
  const title = sections.find(({ level }) => level === 1)?.heading || name;
  return sections.map(({ heading, anchor, prose, code }) => ({
    chapter: name,
    number: chapterNumber(name) ?? 0,
    title,
    heading,
    anchor,
    prose: prose.join(" ").replaceAll(/\s+/g, " ").trim(),
    code: code.join("\n").replaceAll(/\s+/g, " ").trim(),
  })).filter(({ anchor, prose, code }) => anchor || prose || code);
}
