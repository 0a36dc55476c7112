import type { Output } from "../notebook/mod.ts";
import { errorOutput, type Failure, failureOf } from "./failure.ts";
import type { Import } from "./read_cells.ts";
import { KernelStopped } from "./kernel_process.ts";
import type { Message } from "./message.ts";
import { type OutputEvent, outputEvent } from "./output_event.ts";
import { type Displays, OutputList } from "./output_list.ts";
import { ours } from "./prelude.ts";
import { Session } from "./session.ts";
import { within } from "./within.ts";

/** What came of a cell. */
export interface ExecuteResult {
  /** "aborted": it was interrupted, took too long, or the kernel ended. */
  readonly status: "ok" | "error" | "aborted";
  /** What it showed. Late output of its timers is still added here, until the next cell starts. */
  readonly outputs: Output[];
  /** Present unless the status is "ok". */
  readonly error?: Failure;
}

/** How a cell is run. */
export interface ExecuteOptions {
  /** After so many seconds the cell is interrupted; if that does not help, the kernel is ended. No limit by default. */
  readonly timeout?: number;
  /** The value of the last expression is not shown. */
  readonly silent?: boolean;
  /** Hears of each output as it comes; an {@linkcode OutputList} puts them together. */
  readonly onOutput?: (event: OutputEvent) => void;
}

/** Where a kernel runs, and what ends it. */
export interface KernelOptions {
  /** The folder against which cells import; the deno.json that counts is found from there. */
  readonly cwd: string;
  /** Ends the kernel when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** A cell that shows more than so many bytes ends the kernel; 64 MiB by default. */
  readonly outputLimit?: number | undefined;
  /** Takes a quarter to a third less memory, and a sixth more time to compute. */
  readonly small?: boolean | undefined;
}

/** What makes V8 keep its heap small. */
const smallHeap = "--max-semi-space-size=4,--optimize-for-size";

/** One cell on its way. */
interface Run {
  readonly list: OutputList;
  readonly onOutput: ((event: OutputEvent) => void) | undefined;
  readonly errors: Failure[];
  /** Settles when the result is known; undefined then. */
  ended?: Promise<unknown> | undefined;
  bytes: number;
  /** Why it was stopped from outside. */
  stopped?: Failure;
}

/** How long a cell that waits has to come back before it is taken for one that computes, in seconds. */
const waking = 0.2;
/** How long an interrupted cell has to come back, in seconds. One that waits for another process may never do so. */
const grace = 3;
/** How long a kernel may be silent before an answer is given up, in seconds, when the cell has no timeout. */
const patience = 120;

/**
 * A Deno Jupyter kernel that loses nothing.
 *
 * The kernel says that a cell is done on one channel while its output is still on the way on another; the next cell would
 * get what comes late. So we ask a question after each cell, and wait for the answer, which comes behind the output.
 */
export class Kernel implements AsyncDisposable {
  #session!: Session;
  #displays: Displays = new Map();
  #run = this.#newRun();
  /** Errors that no one caught, for the cell that ends next. */
  #uncaught: Failure[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #abort = () => void this.#session.process.stop("The run was aborted");

  private constructor(private readonly options: KernelOptions) {}

  /**
   * Starts a kernel.
   *
   * @throws {KernelStopped} when it does not come up.
   */
  static async start(options: KernelOptions): Promise<Kernel> {
    options.signal?.throwIfAborted();
    const kernel = new Kernel(options);
    await kernel.#start();
    return kernel;
  }

  /** The number of the kernel's process. */
  get pid(): number {
    return this.#session.process.pid;
  }

  /** Settles when the kernel that runs now has ended, with the reason. */
  get ended(): Promise<KernelStopped> {
    return this.#session.process.ended;
  }

  /** Runs a cell, after those that were handed in before. It never throws: what went wrong is in the result. */
  execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    return this.#inTurn(() => {
      const run = this.#run = this.#newRun(options.onOutput);
      const result = this.#execute(run, code, options).finally(() => run.ended = undefined);
      run.ended = result;
      return result;
    });
  }

  /**
   * Why one of the imports would fail, or give undefined; undefined when none would.
   *
   * @throws {KernelStopped} when the kernel has ended.
   */
  check(imports: readonly Import[]): Promise<Failure | undefined> {
    return this.#inTurn(async () => {
      const result = await this.#session.ask("check", imports, patience);
      return result?.answer ? failureOf(result.answer, this.options.cwd) : undefined;
    });
  }

  /** Stops the cell that runs. Variables are kept, unless it does not come back in time: then the kernel is ended. */
  async interrupt(): Promise<void> {
    const run = this.#run;
    if (run.ended) await this.#stop(run, run.ended, "Interrupted", "The cell");
  }

  /** Ends the kernel and starts a new one in its place. */
  async restart(): Promise<void> {
    await this.close();
    await this.#inTurn(() => this.#start());
  }

  /** Ends the kernel. A cell that runs is aborted. */
  async close(): Promise<void> {
    this.options.signal?.removeEventListener("abort", this.#abort);
    await this.#session.process.stop("The kernel was closed");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(): Promise<void> {
    const { cwd, signal, small = false } = this.options;
    this.#displays = new Map();
    this.#uncaught = [];
    const hear = (message: Message, bytes: number) => this.#hear(message, bytes);
    this.#session = await Session.start(cwd, hear, small ? smallHeap : "");
    signal?.addEventListener("abort", this.#abort);
    if (signal?.aborted) this.#abort();
  }

  #inTurn<T>(body: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(body);
    this.#turn = result.catch(() => {});
    return result;
  }

  #newRun(onOutput?: Run["onOutput"]): Run {
    return { list: new OutputList(this.#displays), onOutput, errors: [], bytes: 0 };
  }

  async #execute(
    run: Run,
    code: string,
    { timeout, silent = false }: ExecuteOptions,
  ): Promise<ExecuteResult> {
    const { outputs } = run.list;
    try {
      const reply = this.#session.run(code, silent);
      if (!await within(reply, timeout)) {
        await this.#stop(run, reply, "TimeoutError", `The cell ran for more than ${timeout} s and`);
      }
      const { content } = await reply;
      await this.#session.flush(run.stopped ? grace : timeout ?? patience);
      const error = run.stopped ?? this.#failure(run, content);
      return error
        ? { status: run.stopped ? "aborted" : "error", outputs, error }
        : { status: "ok", outputs };
    } catch (error) {
      const evalue = error instanceof Error ? error.message : String(error);
      return {
        status: "aborted",
        outputs,
        error: run.stopped ?? { ename: "KernelStopped", evalue, traceback: [] },
      };
    }
  }

  /** Why a cell failed that came to its end. Errors overtake the lines before them, so that they are shown last. */
  #failure(run: Run, reply: Record<string, unknown>): Failure | undefined {
    const failures = [...run.errors, ...this.#uncaught.splice(0)];
    for (const failure of failures) {
      this.#show(run, { type: "output", output: errorOutput(failure) });
    }
    return failures[0] ??
      (reply["status"] === "ok" ? undefined : failureOf(reply, this.options.cwd));
  }

  #show(run: Run, event: OutputEvent): void {
    run.list.add(event);
    run.onOutput?.(event);
  }

  /** Interrupts a cell; ends the kernel when it does not come back. */
  async #stop(run: Run, back: Promise<unknown>, ename: string, what: string): Promise<void> {
    const failure = (how: string) => ({
      ename,
      evalue: `${what} was interrupted${how}`,
      traceback: [],
    });
    run.stopped = failure("");
    const { process } = this.#session;
    const returned = back.then(() => true, () => true);
    process.release();
    if (await within(returned, waking)) return;
    process.request("control", "interrupt_request", {}).catch(() => {});
    if (await within(returned, grace)) return;
    run.stopped = failure(" and did not come back, so the kernel was ended");
    await this.#session.process.stop(run.stopped.evalue);
  }

  /** Takes what the kernel publishes. */
  #hear(message: Message, bytes: number): void {
    const run = this.#run;
    const { outputLimit = 2 ** 26 } = this.options;
    run.bytes += bytes;
    if (run.bytes > outputLimit) {
      throw new KernelStopped(`The cell showed more than ${outputLimit} bytes`);
    }
    const event = this.#read(run, message);
    if (event) this.#show(run, event);
  }

  #read(run: Run, message: Message): OutputEvent | undefined {
    const { header, content } = message;
    try {
      if (header.msg_type === ours.uncaught) {
        this.#uncaught.push(failureOf(content, this.options.cwd));
      } else if (header.msg_type === "error") run.errors.push(failureOf(content, this.options.cwd));
      else return outputEvent(message);
    } catch (error) {
      // A cell can broadcast anything.
      const evalue = `Cannot show a message of type ${header.msg_type}: ${String(error)}`;
      run.errors.push({ ename: "TypeError", evalue, traceback: [] });
    }
    return undefined;
  }
}
