import { type Notebook, parseNotebook } from "../notebook/mod.ts";
import { escapeHtml } from "../render/escape.ts";
import { CellRunner, findCode } from "./cell_runner.ts";
import type { ChapterFile } from "./file/chapter_file.ts";
import { ChapterExercises } from "./chapter_exercises.ts";
import { ChapterRenderer, deckHref } from "./chapter_renderer.ts";
import type { Course } from "./course.ts";
import type { Grader } from "./grade/grader.ts";
import type { LiveChecker } from "./types/live_checker.ts";
import { addCell, isOwn, removeCell } from "./own_cells.ts";
import type {
  CellView,
  ChapterView,
  ClientMessage,
  ProblemView,
  ServerMessage,
} from "./protocol.ts";
import { resetChapter, resetExercise } from "./file/reset.ts";

/** What a chapter needs of the workbench. */
export interface ChapterServices {
  readonly course: Course;
  readonly checker: LiveChecker;
  readonly grader: Grader;
  /** Ends a kernel that has not been used for so many seconds. */
  readonly idleLimit?: number | undefined;
}

/** One page that shows the chapter. */
export interface ChapterPage {
  /** Does what the page asks for; rejects with a RangeError or the like when it cannot be done. */
  receive(message: ClientMessage): Promise<void>;
  leave(): void;
}

type Send = (message: ServerMessage) => void;

/** How long typing must rest before types are checked, in milliseconds. */
const typingPause = 250;

/**
 * A chapter that is open: its file, its kernel, and the pages that show it. What one page does is seen by all of them.
 * Nothing is kept here that the file does not have.
 */
export class LiveChapter implements AsyncDisposable {
  readonly runner: CellRunner;
  readonly #exercises: ChapterExercises;
  #pages = new Set<Send>();
  #checking: ReturnType<typeof setTimeout> | undefined;
  #problems: readonly ProblemView[] = [];

  private constructor(
    readonly name: string,
    private readonly file: ChapterFile,
    /** The chapter as the course has it; a chapter that is being written has no such copy yet. */
    private readonly original: Notebook | undefined,
    private readonly renderer: ChapterRenderer,
    private readonly services: ChapterServices,
  ) {
    const book = () => file.book;
    const tell = (message: ServerMessage) => this.#tell(message);
    this.runner = new CellRunner({
      cwd: services.course.folder,
      book,
      keep: (cell, outputs, count) => {
        if (findCode(file.book, cell)) file.setOutputs(cell, outputs, count);
      },
      renderer,
      tell,
      onRest: () => void this.#exercises.grade(),
      idleLimit: services.idleLimit,
    });
    const { grader } = services;
    const { kernel } = this.runner;
    this.#exercises = new ChapterExercises({ name, book, grader, kernel, renderer, tell });
  }

  /** Opens a chapter of the course. */
  static async open(name: string, services: ChapterServices): Promise<LiveChapter> {
    const renderer = await ChapterRenderer.create();
    const file = await services.course.openFile(name, {
      onConflict: (conflict) => chapter.#tell({ type: "conflict", conflict: conflict ?? null }),
      onError: ({ message }) =>
        chapter.#notice(`Cannot save: ${message}. What you typed is kept here.`),
    });
    const original = await services.course.original(name).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      return undefined;
    });
    const chapter: LiveChapter = new LiveChapter(name, file, original, renderer, services);
    return chapter;
  }

  /** How many pages show it. */
  get pages(): number {
    return this.#pages.size;
  }

  /** A page begins to show the chapter: it is sent the whole of it, and from then on what happens. */
  async join(send: Send): Promise<ChapterPage> {
    const renderer = await ChapterRenderer.create();
    // In one go, so that nothing that happens meanwhile is missed or told twice.
    const chapter = this.#view(renderer);
    this.#pages.add(send);
    send({ type: "chapter", chapter });
    this.#check(0);
    void this.#exercises.grade();
    return {
      receive: (message) => this.#receive(message, send),
      leave: () => void this.#pages.delete(send),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pages.clear();
    clearTimeout(this.#checking);
    await this.runner[Symbol.asyncDispose]();
    await this.file[Symbol.asyncDispose]();
  }

  #tell(message: ServerMessage, except?: Send): void {
    for (const send of this.#pages) if (send !== except) send(message);
  }

  #notice(text: string, backup?: string): void {
    this.#tell({ type: "notice", text, ...(backup !== undefined && { backup }) });
  }

  /** @param renderer a new one, as headings are numbered from the start */
  #view(renderer: ChapterRenderer): ChapterView {
    const { cells, headings } = renderer.cells(this.file.book);
    return {
      ...this.services.course.place(this.name),
      contents: headings.filter(({ level }) => level === 2).map(({ id, html }) => ({ id, html })),
      cells: this.file.unreadable ? [this.#unreadable()] : cells.map((cell) => this.#live(cell)),
      kernel: this.runner.kernel.view,
      problems: this.#problems,
      exercises: this.#exercises.view,
      conflict: this.file.conflict ?? null,
      decks: { own: deckHref(this.name, "own"), course: deckHref(this.name, "course") },
    };
  }

  /** A cell as it is now: one that runs has shown something that the file does not have yet. */
  #live(cell: CellView): CellView {
    if (cell.kind === "prose") return cell;
    const state = this.runner.state(cell.id);
    const shown = this.runner.shown(cell.id);
    const { id, number } = cell;
    const own = this.original !== undefined && isOwn(this.original, id);
    return shown
      ? { ...cell, own, state, count: null, outputs: this.renderer.outputs(shown, number) }
      : { ...cell, own, state };
  }

  #unreadable(): CellView {
    const html = `<h1>This notebook cannot be read</h1><p>${escapeHtml(this.file.unreadable)}</p>` +
      "<p>The file is as it was. Mend it, or reset the chapter: then it goes to the backups.</p>";
    return { kind: "prose", id: "unreadable", html };
  }

  async #receive(message: ClientMessage, send: Send): Promise<void> {
    switch (message.type) {
      case "edit":
        return await this.#edit(message, send);
      case "run":
        return this.runner.run(message.cells.map((cell) => this.#requireCell(cell)));
      case "stop":
        return await this.runner.stop();
      case "restart":
        return await this.runner.end("The kernel was ended. The next run starts a new one.");
      case "hint":
        return await this.#exercises.hint(message.exercise);
      case "reference":
        return await this.#exercises.reference(message.exercise);
      case "resetExercise":
        return await this.#resetExercise(message.exercise);
      case "resetChapter":
        return await this.#resetChapter(message.keepAnswers);
      case "addCell":
        return await this.#addCell(message.below);
      case "removeCell":
        return await this.#removeCell(message.cell);
      case "resolve":
        await this.file.resolve(message.keep);
        return await this.#renew();
      case "restore":
        return await this.#restore(message.backup);
      case "complete":
      case "hover":
        return await this.#explain(message, send);
    }
  }

  #requireOriginal(): Notebook {
    if (this.original) return this.original;
    throw new RangeError(
      `Cannot bring ${this.name} back as the course must have a copy of it: current value is none`,
    );
  }

  #requireCell(id: string): string {
    if (findCode(this.file.book, id)) return id;
    throw new RangeError(
      `Cannot find the cell as it must be a code cell of ${this.name}: current value is ${id}`,
    );
  }

  async #edit(
    { cell, source, edit }: Extract<ClientMessage, { type: "edit" }>,
    send: Send,
  ): Promise<void> {
    this.file.setSource(this.#requireCell(cell), source);
    this.#tell({ type: "source", cell, source }, send);
    this.#check(typingPause);
    await this.file.saved();
    send({ type: "saved", edit });
  }

  /** Much has changed: the pages are sent everything again. */
  async #renew(): Promise<void> {
    this.runner.forget();
    const renderer = await ChapterRenderer.create();
    this.#tell({ type: "chapter", chapter: this.#view(renderer) });
    this.#check(0);
    void this.#exercises.grade();
  }

  #source() {
    return { path: this.services.course.pathOf(this.name), book: this.file.book };
  }

  /** Has the types checked once typing has rested. */
  #check(pause: number): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(async () => {
      const problems = await this.services.checker.check(this.#source());
      if (!problems) return;
      this.#problems = problems;
      this.#tell({ type: "problems", problems });
    }, pause);
  }

  async #addCell(below: string): Promise<void> {
    this.file.extend(addCell(this.file.book, below, crypto.randomUUID().slice(0, 8)));
    await this.#renew();
  }

  async #removeCell(cell: string): Promise<void> {
    const book = removeCell(this.file.book, this.#requireOriginal(), cell);
    const backup = await this.file.backUp();
    this.file.replace(book);
    await this.#renew();
    this.#notice("The cell is gone. Your version with it is kept.", backup);
  }

  async #resetExercise(exercise: string): Promise<void> {
    const book = resetExercise(this.file.book, this.#requireOriginal(), exercise);
    const backup = await this.file.backUp();
    this.file.replace(book);
    await this.#renew();
    this.#notice(`Exercise ${exercise} is as it was. Your version is kept.`, backup);
  }

  async #resetChapter(keepAnswers: boolean): Promise<void> {
    const original = this.#requireOriginal();
    const backup = await this.file.backUp();
    await this.runner.end();
    this.file.replace(resetChapter(this.file.book, original, { keepAnswers }));
    await this.#renew();
    const answers = keepAnswers ? "with your answers" : "without answers";
    this.#notice(`The chapter is as the course has it, ${answers}. Your version is kept.`, backup);
  }

  async #restore(name: string): Promise<void> {
    const book = parseNotebook(await this.file.backups.read(name), name);
    const backup = await this.file.backUp();
    this.file.replace(book);
    await this.#renew();
    this.#notice("The earlier version is back. What was here is kept.", backup);
  }

  async #explain(
    { type, request, cell, line, column }: Extract<ClientMessage, { type: "complete" | "hover" }>,
    send: Send,
  ): Promise<void> {
    const { checker } = this.services;
    this.#requireCell(cell);
    if (type === "complete") {
      const options = await checker.complete(this.#source(), cell, line, column);
      return send({ type: "completions", request, options });
    }
    const found = await checker.hover(this.#source(), cell, line, column);
    const html = found ? this.renderer.markdown(found.markdown) : "";
    send({ type: "hover", request, code: found?.code ?? "", html });
  }
}
