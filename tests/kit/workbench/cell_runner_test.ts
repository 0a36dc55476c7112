/** Runs on the real kernel: what a learner sees when cells run, fail, are stopped, and when the kernel dies. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { codeCells, type Notebook, type Output, text } from "../../../kit/notebook/mod.ts";
import { CellRunner } from "../../../kit/workbench/cell_runner.ts";
import { ChapterRenderer } from "../../../kit/workbench/chapter_renderer.ts";
import type { ServerMessage } from "../../../kit/workbench/protocol.ts";
import { type CellText, mayRun, notebookOf, Project } from "../check/project.ts";

const ignore = !mayRun || Deno.permissions.querySync({ name: "net" }).state !== "granted";

/** A runner on a notebook of its own, with everything that it told and stored. */
class Bench implements AsyncDisposable {
  readonly told: ServerMessage[] = [];
  readonly stored = new Map<string, readonly Output[]>();
  #rest = Promise.withResolvers<void>();

  private constructor(
    private readonly project: Project,
    readonly book: Notebook,
    readonly runner: CellRunner,
  ) {}

  static async create(cells: CellText[], idleLimit?: number): Promise<Bench> {
    const project = await Project.create();
    const book = notebookOf(...cells);
    const runner: CellRunner = new CellRunner({
      cwd: project.root,
      book: () => book,
      keep: (cell, outputs) => bench.stored.set(cell, outputs),
      renderer: await ChapterRenderer.create(),
      tell: (message) => bench.told.push(message),
      onRest: () => bench.#rest.resolve(),
      idleLimit,
    });
    const bench: Bench = new Bench(project, book, runner);
    return bench;
  }

  /** Runs cells by their numbers, and waits until all is done. */
  async run(...numbers: number[]): Promise<void> {
    this.#rest = Promise.withResolvers();
    this.runner.run(numbers.map((number) => `cell-${number}`));
    await this.#rest.promise;
  }

  /** Waits for something to be told. */
  async until(what: (message: ServerMessage) => boolean): Promise<void> {
    while (!this.told.some(what)) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  printed(number: number): string {
    return (this.stored.get(`cell-${number}`) ?? []).map((output) =>
      output.output_type === "stream"
        ? text(output.text)
        : output.output_type === "error"
        ? `${output.ename}: ${output.evalue}`
        : String(output.data["text/plain"])
    ).join("|");
  }

  get kernels(): string[] {
    return this.told.flatMap((message) => message.type === "kernel" ? message.kernel.state : []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runner[Symbol.asyncDispose]();
    await this.project[Symbol.asyncDispose]();
  }
}

Deno.test({
  name: "the first run starts the kernel; cells run in the order they were handed in, with counts",
  ignore,
  async fn() {
    await using bench = await Bench.create(["let x = 1;", "console.log(++x);", "x * 10"]);
    assertEquals(await bench.runner.kernel.pid(), undefined);
    await bench.run(1, 2, 3, 2);
    assertEquals([bench.printed(2), bench.printed(3)], ["2\n", "20"]);
    await bench.until((message) => message.type === "kernel" && message.kernel.state === "idle");
    assertEquals(bench.kernels, ["starting", "busy", "idle"]);
    const counts = bench.told.flatMap((message) =>
      message.type === "state" && message.seconds !== undefined ? message.count : []
    );
    assertEquals(counts, [1, 2, 3]);
    await bench.run(2);
    assertEquals(bench.printed(2), "3\n");
  },
});

Deno.test({
  name: "a cell that fails ends the queue, but one that may fail does not",
  ignore,
  async fn() {
    await using bench = await Bench.create([
      { code: `throw new Error("allowed")`, tags: ["raises-exception"] },
      `console.log("reached")`,
      `throw new Error("not allowed")`,
      `console.log("not reached")`,
    ]);
    await bench.run(1, 2, 3, 4);
    assertEquals(bench.printed(2), "reached\n");
    assertEquals(bench.printed(3), "Error: not allowed");
    assertEquals(bench.stored.has("cell-4"), false);
    assertEquals(codeCells(bench.book).map(({ cell }) => bench.runner.state(cell.id)), [
      "idle",
      "idle",
      "idle",
      "idle",
    ]);
  },
});

Deno.test({
  name: "stop() ends an endless loop and keeps variables; what waited does not run",
  ignore,
  async fn() {
    await using bench = await Bench.create([
      "let kept = 41;",
      `console.log("begun"); while (true) kept;`,
      "kept = 0;",
      "kept + 1",
    ]);
    const all = bench.run(1, 2, 3);
    await bench.until((message) =>
      message.type === "outputs" && /begun/.test(message.html[0] ?? "")
    );
    await bench.runner.stop();
    await all;
    assertEquals(bench.printed(2), "begun\n|Interrupted: The cell was interrupted");
    await bench.run(4);
    assertEquals(bench.printed(4), "42");
  },
});

Deno.test({
  name: "a kernel that is killed is told of, running or idle, and the next run starts a new one",
  ignore,
  async fn() {
    await using bench = await Bench.create(["globalThis.n = 1;", "while (true);", "typeof n"]);
    await bench.run(1);
    Deno.kill((await bench.runner.kernel.pid())!, "SIGKILL");
    await bench.until(({ type, ...rest }) =>
      type === "kernel" && JSON.stringify(rest).includes("was killed")
    );
    assertStringIncludes(bench.runner.kernel.view.message, "the next run starts a new kernel");
    await bench.run(3);
    assertEquals(bench.printed(3), '"undefined"');
    const endless = bench.run(2, 3);
    await bench.until((message) =>
      message.type === "state" && message.cell === "cell-2" && message.state === "running"
    );
    await bench.until(() => bench.runner.kernel.view.state === "busy");
    Deno.kill((await bench.runner.kernel.pid())!, "SIGKILL");
    await endless;
    assertMatch(bench.printed(2), /^KernelStopped: The kernel was killed by SIGKILL/);
    assertEquals(bench.runner.kernel.view.state, "none");
  },
});

Deno.test({
  name: "a kernel that nobody uses is ended, with a word why",
  ignore,
  async fn() {
    await using bench = await Bench.create(["1"], 0.2);
    await bench.run(1);
    await bench.until((message) => message.type === "kernel" && message.kernel.state === "none");
    assertMatch(bench.runner.kernel.view.message, /was ended after 0 minutes without a run/);
    await bench.run(1);
    assertEquals(bench.printed(1), "1");
  },
});

Deno.test({
  name: "what a timer shows after its cell has ended is added to that cell",
  ignore,
  async fn() {
    await using bench = await Bench.create([
      `setTimeout(() => console.log("late"), 150); console.log("now");`,
    ]);
    await bench.run(1);
    assertEquals(bench.printed(1), "now\n");
    await bench.until(({ type, ...rest }) =>
      type === "text" && JSON.stringify(rest).includes("late")
    );
    assertEquals(bench.printed(1), "now\nlate\n");
    assert(bench.told.every((message) => message.type !== "notice"));
  },
});

Deno.test({
  name: "a name whose cell has not been run is named with its cell; any other missing name is not",
  ignore,
  async fn() {
    await using bench = await Bench.create(["const price = 2;", "price * 3", "prices"]);
    const advice = () =>
      bench.told.flatMap((message) => message.type === "notice" ? message.text : []);
    await bench.run(2);
    assertEquals(advice().length, 1);
    assertMatch(advice()[0]!, /^price comes from cell 1, which this kernel has not run yet/);
    await bench.run(3);
    await bench.run(1, 2);
    assertEquals(bench.printed(2), "6");
    assertEquals(advice().length, 1);
  },
});

Deno.test({
  name: "stop() ends a cell that waits for its kernel to start, too",
  ignore,
  async fn() {
    await using bench = await Bench.create(["while (true);", "6 * 7"]);
    const all = bench.run(1, 2);
    await bench.until((message) =>
      message.type === "kernel" && message.kernel.state === "starting"
    );
    await bench.runner.stop();
    await all;
    assertEquals(bench.printed(1), "Interrupted: The cell was interrupted");
    assertEquals(bench.stored.has("cell-2"), false);
    await bench.run(2);
    assertEquals(bench.printed(2), "42");
  },
});
