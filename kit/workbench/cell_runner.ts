import { errorOutput, type Failure } from "../kernel/failure.ts";
import type { Displays } from "../kernel/output_list.ts";
import { type CodeCell, codeCells, type Notebook, type Output, text } from "../notebook/mod.ts";
import { ChapterKernel } from "./chapter_kernel.ts";
import type { ChapterRenderer } from "./chapter_renderer.ts";
import { OutputFeed } from "./output_feed.ts";
import type { RunState, ServerMessage } from "./protocol.ts";

/** Where the cells are, and where their outputs go. */
export interface RunnerOptions {
  /** The folder of the notebook. */
  readonly cwd: string;
  readonly book: () => Notebook;
  readonly keep: (cell: string, outputs: readonly Output[], count: number) => void;
  readonly renderer: ChapterRenderer;
  readonly tell: (message: ServerMessage) => void;
  /** Nothing runs or waits any more. */
  readonly onRest: () => void;
  /** See {@linkcode ChapterKernel}. */
  readonly idleLimit?: number | undefined;
}

/** How long outputs are gathered before they are sent, in milliseconds: quick enough for the eye. */
const gathering = 40;

/** A code cell of a notebook with its position among all cells, from 1; undefined when it has none with this id. */
export function findCode(
  book: Notebook,
  id: string,
): { cell: CodeCell; number: number } | undefined {
  return codeCells(book).find(({ cell }) => cell.id === id);
}

/** Runs the cells of one chapter, one after another, and passes on what they show as it comes. */
export class CellRunner implements AsyncDisposable {
  readonly kernel: ChapterKernel;
  #queue: string[] = [];
  #running: string | undefined;
  #feeds = new Map<string, OutputFeed>();
  #displays: Displays = new Map();
  /** How many cells this kernel has run. */
  #count = 0;
  /** Which cells this kernel has run. */
  #ran = new Set<string>();
  #sending: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: RunnerOptions) {
    const { cwd, idleLimit, tell } = options;
    this.kernel = new ChapterKernel({
      cwd,
      idleLimit,
      onChange: (kernel) => {
        if (kernel.state === "none") {
          this.#displays = new Map();
          this.#count = 0;
          this.#ran.clear();
        }
        tell({ type: "kernel", kernel });
      },
    });
  }

  /** Whether a cell runs, or waits. */
  state(cell: string): RunState {
    if (this.#running === cell) return "running";
    return this.#queue.includes(cell) ? "queued" : "idle";
  }

  /** What the cell that runs has shown so far, once all of it is sent; undefined for a cell that does not run. */
  shown(cell: string): readonly Output[] | undefined {
    if (this.#running !== cell) return undefined;
    this.#send();
    return this.#feeds.get(cell)?.outputs;
  }

  /** Hands in cells. Those that run or wait already, and those without code, are left out. */
  run(cells: readonly string[]): void {
    for (const id of cells.flatMap((id) => [...this.#neededBy(id), id])) {
      const cell = findCode(this.options.book(), id)?.cell;
      if (!cell || this.state(id) !== "idle" || text(cell.source).trim() === "") continue;
      this.#queue.push(id);
      this.options.tell({ type: "state", cell: id, state: "queued", count: cell.execution_count });
    }
    if (this.#running === undefined) void this.#work();
  }

  /** Stops the cell that runs, keeping variables, and those that wait. */
  async stop(): Promise<void> {
    this.#empty();
    await this.kernel.interrupt();
  }

  /** Ends the kernel, if there is one, and what runs and waits. */
  async end(message?: string): Promise<void> {
    this.#empty();
    await this.kernel.close(message);
  }

  /** Lets go of what timers of cells that have ended may still show: the cells have been replaced. */
  forget(): void {
    for (const cell of this.#feeds.keys()) if (cell !== this.#running) this.#feeds.delete(cell);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#feeds.clear();
    await this.end();
    clearTimeout(this.#sending);
  }

  async #work(): Promise<void> {
    for (let id = this.#queue.shift(); id !== undefined; id = this.#queue.shift()) {
      const found = findCode(this.options.book(), id);
      if (!found) continue;
      this.#running = id;
      const { ok, count, seconds } = await this.#run(found);
      this.#running = undefined;
      this.options.tell({ type: "state", cell: id, state: "idle", count, seconds });
      if (!ok) this.#empty();
    }
    this.options.onRest();
  }

  /** The answer to an exercise stands alone but for check(): the cell that imports it goes first, once for a kernel. */
  #neededBy(id: string): string[] {
    const sources = codeCells(this.options.book()).map(({ cell }) => cell);
    const asked = sources.find((cell) => cell.id === id);
    if (!asked || !/\bcheck\(/.test(text(asked.source))) return [];
    const source = sources.find((cell) => text(cell.source).includes('"@fewer-bytes/exercises"'));
    return source && !this.#ran.has(source.id) ? [source.id] : [];
  }

  /** Nothing waits any more. */
  #empty(): void {
    for (const cell of this.#queue.splice(0)) {
      const count = findCode(this.options.book(), cell)?.cell.execution_count ?? null;
      this.options.tell({ type: "state", cell, state: "idle", count });
    }
  }

  /** Runs a cell; whether the next one may follow. */
  async #run(
    { cell, number }: { cell: CodeCell; number: number },
  ): Promise<{ ok: boolean; count: number; seconds: number }> {
    const { id, metadata } = cell;
    const { tell, renderer, keep } = this.options;
    const feed = new OutputFeed(id, number, renderer, this.#displays);
    this.#feeds.set(id, feed);
    tell({ type: "outputs", cell: id, from: 0, html: [] });
    tell({ type: "state", cell: id, state: "running", count: null });
    const begun = performance.now();
    let count = 0;
    const { status, error } = await this.kernel.execute(text(cell.source), {
      onOutput: (event) => {
        feed.add(event);
        this.#sending ??= setTimeout(() => this.#send(), gathering);
        // What a timer shows after its cell has ended belongs to the cell still.
        if (count > 0 && this.#feeds.get(id) === feed) keep(id, feed.outputs, count);
      },
    });
    if (status === "aborted" && error) feed.add({ type: "output", output: errorOutput(error) });
    this.#send();
    count = ++this.#count;
    this.#ran.add(id);
    const advice = error && this.#advice(error, number);
    if (advice) tell({ type: "notice", text: advice });
    if (this.#feeds.get(id) === feed) keep(id, feed.outputs, count);
    const mayFail = metadata.tags?.includes("raises-exception") ?? false;
    const ok = status === "ok" || status === "error" && mayFail;
    return { ok, count, seconds: (performance.now() - begun) / 1000 };
  }

  /** What helps against a name that is not there as the cell that brings it has not been run. */
  #advice({ ename, evalue }: Failure, number: number): string | undefined {
    const [, name] = evalue.match(/^([\w$]+) is not defined$/) ?? [];
    if (ename !== "ReferenceError" || name === undefined) return undefined;
    const word = new RegExp(`(?<![\\w$.])${RegExp.escape(name)}(?![\\w$])`);
    const source = codeCells(this.options.book()).find(({ cell, number: place }) =>
      place < number && !this.#ran.has(cell.id) && word.test(text(cell.source))
    );
    return source &&
      `${name} comes from cell ${source.number}, which this kernel has not run yet. ` +
        "Press Run above, then run the cell again.";
  }

  #send(): void {
    clearTimeout(this.#sending);
    this.#sending = undefined;
    // All of them: a cell may update what an earlier one displays.
    for (const feed of this.#feeds.values()) feed.news().forEach(this.options.tell);
  }
}
