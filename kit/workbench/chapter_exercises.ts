import { exerciseIds } from "../exercises/answer_cell.ts";
import type { Notebook } from "../notebook/mod.ts";
import type { ChapterKernel } from "./chapter_kernel.ts";
import type { ChapterRenderer } from "./chapter_renderer.ts";
import type { Grader } from "./grade/grader.ts";
import { OutputFeed } from "./output_feed.ts";
import type { ExerciseView, ServerMessage } from "./protocol.ts";

/** Where the answers are, and who checks them and helps. */
export interface ExercisesOptions {
  /** The chapter's name. */
  readonly name: string;
  readonly book: () => Notebook;
  readonly grader: Pick<Grader, "grade" | "solution">;
  readonly kernel: Pick<ChapterKernel, "execute">;
  readonly renderer: Pick<ChapterRenderer, "outputs" | "markdown" | "output">;
  readonly tell: (message: ServerMessage) => void;
}

/** The exercises of an open chapter: how far they are, and what helps. */
export class ChapterExercises {
  #view: readonly ExerciseView[] = [];
  /** Counts the checks, as an earlier one may take longer than a later one. */
  #turn = 0;

  constructor(private readonly options: ExercisesOptions) {}

  /** How far they were when they were checked last. */
  get view(): readonly ExerciseView[] {
    return this.#view;
  }

  /** Has the answers checked, and tells how they are, unless they are checked again meanwhile. Gives what it found. */
  async grade(): Promise<readonly ExerciseView[]> {
    const { name, book, grader, tell } = this.options;
    const turn = ++this.#turn;
    try {
      const [grades] = await grader.grade([{ name, book: book() }]);
      const exercises = grades?.exercises ?? [];
      if (turn === this.#turn) {
        this.#view = exercises;
        tell({ type: "exercises", exercises });
      }
      return exercises;
    } catch (error) {
      tell({ type: "notice", text: `Cannot check the answers: ${(error as Error).message}` });
      return [];
    }
  }

  /** Shows the card with the next hint. It comes from the kernel, which counts those that were shown. */
  async hint(exercise: string): Promise<void> {
    this.#require(exercise);
    const { kernel, renderer, tell } = this.options;
    const feed = new OutputFeed(exercise, 0, renderer, new Map());
    const call = `await (await import("@fewer-bytes/exercises")).hint(${JSON.stringify(exercise)})`;
    const onOutput = feed.add.bind(feed);
    const { error } = await kernel.execute(call, { silent: true, onOutput });
    if (error) return tell({ type: "notice", text: `Cannot show a hint: ${error.evalue}` });
    tell({ type: "help", exercise, html: renderer.outputs(feed.outputs, 0).join("") });
  }

  /**
   * Shows the reference solution of an exercise that has passed.
   *
   * @throws {RangeError} when it has not.
   */
  async reference(exercise: string): Promise<void> {
    this.#require(exercise);
    const { grader, renderer, tell } = this.options;
    const status = (await this.grade()).find(({ id }) => id === exercise)?.status;
    if (status !== "passed") {
      throw new RangeError(
        `Cannot show the reference of ${exercise} as the answer must pass: current value is ${status}`,
      );
    }
    const solution = await grader.solution(exercise);
    const html = renderer.markdown(`One way to do it:\n\n\`\`\`typescript\n${solution}\n\`\`\``);
    tell({ type: "help", exercise, html });
  }

  #require(id: string): void {
    const { name, book } = this.options;
    if (exerciseIds(book()).has(id)) return;
    throw new RangeError(
      `Cannot find the exercise as ${name} must check it: current value is ${id}`,
    );
  }
}
