import { CellParser } from "../../cells/mod.ts";
import {
  checkTypes,
  extractNotebook,
  type NotebookSource,
  type ParsedNotebook,
  type Problem,
  problemAt,
  syntaxProblems,
} from "../../check/mod.ts";
import { codeCells, type Notebook } from "../../notebook/mod.ts";
import { chooseCompletions, completionView } from "./completions.ts";
import type { LanguageServer } from "./language_server.ts";
import { type ExtractedPlace, LiveDocument } from "./live_document.ts";
import { type OnDemandOptions, OnDemandServer } from "./on_demand_server.ts";
import { OneAtATime } from "../one_at_a_time.ts";
import type { Completion, ProblemView } from "../protocol.ts";

/** What a name is. */
export interface NameView {
  /** Its type, as code. */
  readonly code: string;
  /** Its documentation. */
  readonly markdown: string;
}

/**
 * Tells while someone types what the type checker says about a chapter, what could come next, and what a name is. All
 * chapters share one language server.
 *
 * No question throws. Where the language server fails, problems come from {@linkcode checkTypes}, which takes some
 * seconds, and there are no proposals.
 */
export class LiveChecker implements AsyncDisposable {
  readonly #server: OnDemandServer;
  #parser = new CellParser();
  #documents = new Map<string, LiveDocument>();
  /** The latest check of each chapter. */
  #latest = new Map<string, symbol>();
  /** Checks without the language server: each takes as much memory as it does. */
  #fallback = new OneAtATime();
  #closed = false;

  constructor(private readonly options: OnDemandOptions) {
    this.#server = new OnDemandServer(options);
  }

  /** Whether the language server is running now. */
  get running(): boolean {
    return this.#server.running;
  }

  /**
   * The type errors and the cells that do not parse, as {@linkcode checkTypes} finds them.
   *
   * @returns undefined when there is nothing to tell: a later call for the same chapter has taken over, or nothing could
   * be found out.
   */
  async check(chapter: NotebookSource): Promise<ProblemView[] | undefined> {
    const turn = Symbol();
    this.#latest.set(chapter.path, turn);
    const isLatest = () => !this.#closed && this.#latest.get(chapter.path) === turn;
    try {
      const document = this.#document(chapter.path);
      const problems = await this.#problems(document, await document.parse(chapter.book), isLatest);
      return isLatest() ? views(problems, chapter.book) : undefined;
    } catch {
      // Not even `deno check` runs. The workbench runs on, without problems shown.
      return undefined;
    }
  }

  /** What could stand at a place of a cell, the best first. Line and column count from 1. */
  async complete(
    chapter: NotebookSource,
    cell: string,
    line: number,
    column: number,
  ): Promise<Completion[]> {
    const place = await this.#locate(chapter, cell, line, column);
    const found = await this.#askAbout(place, async (server, { uri, position, before }) => {
      const chosen = chooseCompletions(await server.complete(uri, position), before);
      const details = await Promise.all(chosen.map((item) => server.detail(item)));
      return chosen.map((item, index) => completionView(item, details[index] ?? "", before));
    });
    return found ?? [];
  }

  /** What the name at a place of a cell is; undefined when there is none. Line and column count from 1. */
  async hover(
    chapter: NotebookSource,
    cell: string,
    line: number,
    column: number,
  ): Promise<NameView | undefined> {
    const place = await this.#locate(chapter, cell, line, column);
    const markdown = await this.#askAbout(
      place,
      (server, { uri, position }) => server.hover(uri, position),
    );
    const [, code, rest = ""] = markdown?.match(/^```\w*\n(?:\(alias\) )?([^]*?)\n```\s*([^]*)$/) ??
      [];
    return code === undefined ? undefined : { code, markdown: rest.trim() };
  }

  /** Ends the language server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#server[Symbol.asyncDispose]();
    await this.#fallback.run(async () => {});
  }

  #document(path: string): LiveDocument {
    const document = this.#documents.get(path) ??
      new LiveDocument(path, this.options.root, this.#parser);
    this.#documents.set(path, document);
    return document;
  }

  async #problems(
    { uri }: LiveDocument,
    notebook: ParsedNotebook,
    isLatest: () => boolean,
  ): Promise<Problem[]> {
    const broken = syntaxProblems(notebook);
    if (broken.length > 0) return broken;
    const { root } = this.options;
    const extraction = extractNotebook(notebook);
    const found = await this.#server.ask(async (server) => {
      if (!isLatest()) return [];
      await server.update(uri, extraction.code);
      return await server.diagnose(uri);
    });
    return found?.map((diagnostic) =>
      problemAt(diagnostic, notebook, extraction, notebook.folder, root)
    ) ?? await this.#fallback.run(async () => isLatest() ? await checkTypes([notebook], root) : []);
  }

  async #locate(
    { path, book }: NotebookSource,
    cell: string,
    line: number,
    column: number,
  ): Promise<ExtractedPlace | undefined> {
    try {
      return await this.#document(path).locate(book, cell, line, column);
    } catch {
      // The parser does not run.
      return undefined;
    }
  }

  async #askAbout<T>(
    place: ExtractedPlace | undefined,
    question: (server: LanguageServer, place: ExtractedPlace) => Promise<T>,
  ): Promise<T | undefined> {
    if (!place) return undefined;
    return await this.#server.ask(async (server) => {
      await server.update(place.uri, place.code);
      return await question(server, place);
    });
  }
}

/** Problems by the ids of cells, in the order of the cells. */
function views(problems: readonly Problem[], book: Notebook): ProblemView[] {
  const first = codeCells(book)[0]?.number ?? 0;
  return problems
    .map(({ cell, line, column, ...words }) =>
      // What is wrong outside the cells, in a module that they import, is shown where they begin.
      cell > 0 ? { cell, line, column, ...words } : { cell: first, line: 1, column: 1, ...words }
    )
    .sort((a, b) => a.cell - b.cell || a.line - b.line || a.column - b.column)
    .flatMap(({ cell: number, line, column, code, message }) => {
      const cell = book.cells[number - 1];
      return cell ? [{ cell: cell.id, line, column, code, message }] : [];
    });
}
