import { join } from "node:path";
import { type Notebook, parseNotebook } from "../notebook/mod.ts";
import { renderDeck } from "../render/mod.ts";
import { chapterHref } from "./chapter_renderer.ts";
import { Course } from "./course.ts";
import { readGlossary } from "./glossary.ts";
import { Grader } from "./grade/grader.ts";
import { type ChapterPage, LiveChapter } from "./live_chapter.ts";
import { LiveChecker } from "./types/live_checker.ts";
import type { ChapterProgress, GlossaryEntry, SearchHit, ServerMessage } from "./protocol.ts";
import { createSearch } from "./search/search.ts";

export interface WorkbenchOptions {
  /** The folder of deno.json. */
  readonly root: string;
  /** A chapter without a page is closed after so many seconds, its kernel too; a minute by default. */
  readonly closeAfter?: number;
  /** A kernel without a run is ended after so many seconds; see {@linkcode LiveChapter}. */
  readonly idleLimit?: number;
}

interface OpenChapter {
  readonly chapter: Promise<LiveChapter>;
  closing?: ReturnType<typeof setTimeout> | undefined;
}

/** Everything that the workbench knows and does, apart from how it is asked over HTTP. */
export class Workbench implements AsyncDisposable {
  readonly #grader = new Grader({ idleTime: 20_000 });
  readonly #checker: LiveChecker;
  #open = new Map<string, OpenChapter>();
  readonly #search = createSearch([]);
  /** What the search knows of each chapter. */
  readonly #indexed = new Map<string, Notebook>();

  private constructor(readonly course: Course, private readonly options: WorkbenchOptions) {
    this.#checker = new LiveChecker({ root: options.root });
  }

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    return new Workbench(await Course.open(options.root), options);
  }

  /** A page begins to show a chapter. */
  async join(name: string, send: (message: ServerMessage) => void): Promise<ChapterPage> {
    this.course.pathOf(name);
    const open = this.#open.get(name) ?? this.#openChapter(name);
    clearTimeout(open.closing);
    const chapter = await open.chapter;
    const page = await chapter.join(send);
    return {
      receive: page.receive,
      leave: () => {
        page.leave();
        if (chapter.pages === 0) this.#closeLater(name, open);
      },
    };
  }

  /** The answers of a chapter, checked again; undefined when it cannot be read. */
  async progress(name: string): Promise<ChapterProgress | undefined> {
    await this.course.refresh();
    const [progress] = await this.#grader.grade(
      this.course.books.filter((book) => book.name === name),
    );
    return progress;
  }

  /** Places in all chapters where these words stand. */
  async find(query: string): Promise<SearchHit[]> {
    await this.course.refresh();
    for (const { name, book } of this.course.books) {
      if (this.#indexed.get(name) === book) continue;
      this.#indexed.set(name, book);
      this.#search.update(name, book);
    }
    return this.#search.find(query);
  }

  /** The terms of the course, explained. */
  async glossary(): Promise<GlossaryEntry[]> {
    const json = await Deno.readTextFile(join(this.options.root, "data/glossary.json"));
    // The course's own copies: what a learner renames does not lead nowhere.
    return readGlossary(JSON.parse(json), await this.course.originals());
  }

  /** A chapter's deck: from the notebook as it is, or as the course made it; `nonce` marks its own scripts. */
  async deck(name: string, which: "own" | "course", nonce: string): Promise<string> {
    const book = which === "own" ? await this.#bookOf(name) : await this.course.original(name);
    return await renderDeck(book, { name, notebookHref: chapterHref, nonce });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(async ({ chapter, closing }) => {
      clearTimeout(closing);
      await (await chapter)[Symbol.asyncDispose]();
    }));
    await this.#checker[Symbol.asyncDispose]();
    await this.#grader[Symbol.asyncDispose]();
  }

  async #bookOf(name: string): Promise<Notebook> {
    const path = this.course.pathOf(name);
    return parseNotebook(await Deno.readTextFile(join(this.options.root, path)), path);
  }

  #openChapter(name: string): OpenChapter {
    const services = {
      course: this.course,
      checker: this.#checker,
      grader: this.#grader,
      idleLimit: this.options.idleLimit,
    };
    const open = { chapter: LiveChapter.open(name, services) };
    this.#open.set(name, open);
    open.chapter.catch(() => this.#open.delete(name));
    return open;
  }

  /** A reload leaves for a moment; whoever has gone for longer wants the memory back. */
  #closeLater(name: string, open: OpenChapter): void {
    open.closing = setTimeout(async () => {
      this.#open.delete(name);
      await (await open.chapter)[Symbol.asyncDispose]();
    }, (this.options.closeAfter ?? 60) * 1000);
  }
}
