import { join } from "node:path";
import { findNotebooks } from "../build/find_notebooks.ts";
import { originalFolder, originalPath } from "../build/originals.ts";
import { notebookName } from "../build/progress.ts";
import { type Notebook, parseNotebook } from "../notebook/mod.ts";
import { chapterNumber, describeChapter, plainTitle } from "../render/chapter.ts";
import { highlighter } from "../render/highlight.ts";
import { createLabels } from "../render/labels.ts";
import { thesis } from "../render/index.ts";
import { createMarkdown, type Markdown } from "../render/markdown.ts";
import { ChapterFile, type ChapterFileOptions } from "./file/chapter_file.ts";
import { chapterHref } from "./chapter_renderer.ts";
import type { ChapterLink, ChapterView, CourseView } from "./protocol.ts";

/** A notebook as it was read, and what tells that the file is still the same. */
interface Entry {
  readonly modified: number;
  readonly size: number;
  readonly link: ChapterLink;
  readonly book?: Notebook;
  readonly reason?: string;
}

/** The chapters of the course, as they are on disk. */
export class Course {
  /** The folder against which cells import, and outside of which nothing is read or written for a page. */
  readonly folder: string;
  #entries = new Map<string, Entry>();

  private constructor(private readonly root: string, private readonly markdown: Markdown) {
    this.folder = join(root, "notebooks");
  }

  /** Reads the chapters in the notebooks/ of a folder. */
  static async open(root: string): Promise<Course> {
    const highlight = await highlighter();
    const options = { highlight, label: createLabels(), anchors: false };
    const course = new Course(root, createMarkdown({ ...options, notebookHref: chapterHref }));
    await course.refresh();
    return course;
  }

  /** Reads again what has changed on disk. */
  async refresh(): Promise<void> {
    const names = (await findNotebooks(this.root)).map(notebookName);
    const entries = await Promise.all(
      names.map(async (name) => [name, await this.#read(name)] as const),
    );
    this.#entries = new Map(entries);
  }

  /** The names of the chapters in order. */
  get names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The chapters that can be read. */
  get books(): { name: string; book: Notebook }[] {
    return [...this.#entries].flatMap(([name, { book }]) => book ? [{ name, book }] : []);
  }

  /** What the front page says. */
  get view(): CourseView {
    const entries = [...this.#entries.values()];
    return {
      thesis,
      chapters: entries.map(({ link }) => link),
      unreadable: entries.flatMap(({ link: { name }, reason }) =>
        reason === undefined ? [] : [{ name, reason }]
      ),
    };
  }

  /** A chapter between its neighbors. */
  place(name: string): Pick<ChapterView, "link" | "previous" | "next"> {
    const links = this.view.chapters;
    const index = links.findIndex((link) => link.name === name);
    const link = links[index];
    if (!link) throw this.#unknown(name);
    return { link, previous: links[index - 1] ?? null, next: links[index + 1] ?? null };
  }

  /** The path of a chapter's notebook from the root. */
  pathOf(name: string): string {
    if (!this.#entries.has(name)) throw this.#unknown(name);
    return `notebooks/${name}.ipynb`;
  }

  /** Opens a chapter's notebook for work. */
  async openFile(
    name: string,
    options: Pick<ChapterFileOptions, "onConflict" | "onError">,
  ): Promise<ChapterFile> {
    return await ChapterFile.open({ path: join(this.root, this.pathOf(name)), ...options });
  }

  /** The notebook as the course has it, with its stubs and outputs. */
  async original(name: string): Promise<Notebook> {
    const path = originalPath(`${name}.ipynb`);
    return parseNotebook(await Deno.readTextFile(join(this.root, path)), path);
  }

  /** The chapters as the course has them. */
  async originals(): Promise<{ name: string; book: Notebook }[]> {
    const paths = (await Array.fromAsync(Deno.readDir(join(this.root, originalFolder))))
      .filter(({ name }) => name.endsWith(".ipynb"));
    const names = paths.map((path) => notebookName(path.name)).sort();
    return await Promise.all(
      names.map(async (name) => ({ name, book: await this.original(name) })),
    );
  }

  #unknown(name: string): RangeError {
    return new RangeError(
      `Cannot find the chapter as it must be one of ${
        this.names.join(", ")
      }: current value is ${name}`,
    );
  }

  async #read(name: string): Promise<Entry> {
    const path = join(this.folder, `${name}.ipynb`);
    const { mtime, size } = await Deno.stat(path);
    const modified = mtime?.getTime() ?? 0;
    const before = this.#entries.get(name);
    if (before && before.modified === modified && before.size === size) return before;
    const number = chapterNumber(name) ?? 0;
    try {
      const book = parseNotebook(await Deno.readTextFile(path), name);
      const { title, summary = "" } = describeChapter(book, name);
      const link = {
        name,
        number,
        title: this.markdown.inline(title),
        plainTitle: plainTitle(title),
        summary: this.markdown.inline(summary),
      };
      return { modified, size, link, book };
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
      const link = { name, number, title: name, plainTitle: name, summary: "" };
      return { modified, size, link, reason: error.message };
    }
  }
}
