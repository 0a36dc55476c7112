import { exerciseIds } from "../exercises/answer_cell.ts";
import { parseNotebook } from "../notebook/mod.ts";
import { escapeHtml } from "../render/escape.ts";
import { CellRunner, findCode } from "./cell_runner.ts";
import type { ChapterFile } from "./file/chapter_file.ts";
import { ChapterRenderer, deckHref } from "./chapter_renderer.ts";
import type { Course } from "./course.ts";
import type { Grader } from "./grade/grader.ts";
import type { LiveChecker } from "./types/live_checker.ts";
import { OutputFeed } from "./output_feed.ts";
import type {
  CellView,
  ChapterView,
  ClientMessage,
  ExerciseView,
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
  #pages = new Set<Send>();
  #checking: ReturnType<typeof setTimeout> | undefined;
  #problems: readonly ProblemView[] = [];
  #exercises: readonly ExerciseView[] = [];
  #closed = false;

  private constructor(
    readonly name: string,
    private readonly file: ChapterFile,
    private readonly renderer: ChapterRenderer,
    private readonly services: ChapterServices,
  ) {
    this.runner = new CellRunner({
      cwd: services.course.folder,
      book: () => file.book,
      keep: (cell, outputs, count) => {
        if (findCode(file.book, cell)) file.setOutputs(cell, outputs, count);
      },
      renderer,
      tell: (message) => this.#tell(message),
      onRest: () => void this.#grade(),
      idleLimit: services.idleLimit,
    });
  }

  /** Opens a chapter of the course. */
  static async open(name: string, services: ChapterServices): Promise<LiveChapter> {
    const renderer = await ChapterRenderer.create();
    const file = await services.course.openFile(name, {
      onConflict: (conflict) => chapter.#tell({ type: "conflict", conflict: conflict ?? null }),
      onError: ({ message }) =>
        chapter.#notice(`Cannot save: ${message}. What you typed is kept here.`),
    });
    const chapter: LiveChapter = new LiveChapter(name, file, renderer, services);
    return chapter;
  }

  /** How many pages show it. */
  get pages(): number {
    return this.#pages.size;
  }

  /** A page begins to show the chapter: it is sent the whole of it, and from then on what happens. */
  async join(send: Send): Promise<ChapterPage> {
    const chapter = await this.#view();
    this.#pages.add(send);
    send({ type: "chapter", chapter });
    this.#check(0);
    void this.#grade();
    return {
      receive: (message) => this.#receive(message, send),
      leave: () => void this.#pages.delete(send),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
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

  async #view(): Promise<ChapterView> {
    const { course } = this.services;
    // A new renderer, as headings are numbered from the start.
    const { cells, headings } = (await ChapterRenderer.create()).cells(this.file.book);
    return {
      ...course.place(this.name),
      contents: headings.filter(({ level }) => level === 2).map(({ id, html }) => ({ id, html })),
      cells: this.file.unreadable
        ? [this.#unreadable()]
        : cells.map((cell) =>
          cell.kind === "code" ? { ...cell, state: this.runner.state(cell.id) } : cell
        ),
      kernel: this.runner.kernel.view,
      problems: this.#problems,
      exercises: this.#exercises,
      conflict: this.file.conflict ?? null,
      decks: { own: deckHref(this.name, "own"), course: deckHref(this.name, "course") },
    };
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
        return await this.#hint(message.exercise);
      case "reference":
        return await this.#reference(message.exercise);
      case "resetExercise":
        return await this.#resetExercise(message.exercise);
      case "resetChapter":
        return await this.#resetChapter(message.keepAnswers);
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

  #requireCell(id: string): string {
    if (findCode(this.file.book, id)) return id;
    throw new RangeError(
      `Cannot find the cell as it must be a code cell of ${this.name}: current value is ${id}`,
    );
  }

  #requireExercise(id: string): void {
    if (exerciseIds(this.file.book).has(id)) return;
    throw new RangeError(
      `Cannot find the exercise as ${this.name} must check it: current value is ${id}`,
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
    this.#tell({ type: "chapter", chapter: await this.#view() });
    this.#check(0);
    void this.#grade();
  }

  #source() {
    return { path: this.services.course.pathOf(this.name), book: this.file.book };
  }

  /** Has the types checked once typing has rested. */
  #check(pause: number): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(async () => {
      const problems = await this.services.checker.check(this.#source());
      if (!problems || this.#closed) return;
      this.#problems = problems;
      this.#tell({ type: "problems", problems });
    }, pause);
  }

  /** Has the answers checked, and tells how they are. */
  async #grade(): Promise<void> {
    try {
      const [grades] = await this.services.grader.grade([{
        name: this.name,
        book: this.file.book,
      }]);
      if (!grades || this.#closed) return;
      this.#exercises = grades.exercises;
      this.#tell({ type: "exercises", exercises: grades.exercises });
    } catch (error) {
      if (!this.#closed) this.#notice(`Cannot check the answers: ${(error as Error).message}`);
    }
  }

  /** The card with the next hint comes from the kernel, which counts those that were shown. */
  async #hint(exercise: string): Promise<void> {
    this.#requireExercise(exercise);
    const feed = new OutputFeed(exercise, 0, this.renderer, new Map());
    const call = `await (await import("@fewer-bytes/exercises")).hint(${JSON.stringify(exercise)})`;
    const { error } = await this.runner.kernel.execute(call, {
      silent: true,
      onOutput: (event) => feed.add(event),
    });
    if (error) return this.#notice(`Cannot show a hint: ${error.evalue}`);
    const html = feed.outputs.map((output, index) => this.renderer.output(output, 0, index));
    this.#tell({ type: "help", exercise, html: html.join("") });
  }

  async #reference(exercise: string): Promise<void> {
    this.#requireExercise(exercise);
    await this.#grade();
    const status = this.#exercises.find(({ id }) => id === exercise)?.status;
    if (status !== "passed") {
      throw new RangeError(
        `Cannot show the reference of ${exercise} as the answer must pass: current value is ${status}`,
      );
    }
    const solution = await this.services.grader.solution(exercise);
    const html = this.renderer.markdown(
      `One way to do it:\n\n\`\`\`typescript\n${solution}\n\`\`\``,
    );
    this.#tell({ type: "help", exercise, html });
  }

  async #resetExercise(exercise: string): Promise<void> {
    const original = await this.services.course.original(this.name);
    const backup = await this.file.backUp();
    this.file.replace(resetExercise(this.file.book, original, exercise));
    await this.#renew();
    this.#notice(`Exercise ${exercise} is as it was. Your version is kept.`, backup);
  }

  async #resetChapter(keepAnswers: boolean): Promise<void> {
    const original = await this.services.course.original(this.name);
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
