import {
  executeCell,
  type ExecuteOptions,
  type ExecuteResult,
  Kernel,
  KernelStopped,
} from "../kernel/mod.ts";
import type { KernelView } from "./protocol.ts";

export interface ChapterKernelOptions {
  /** The folder of the notebook. */
  readonly cwd: string;
  /** After so many seconds without a run the kernel is ended; half an hour by default. */
  readonly idleLimit?: number | undefined;
  /** Hears how the kernel is whenever that changes. */
  readonly onChange: (view: KernelView) => void;
}

/** The kernel of one open chapter: started at the first run, ended when nobody has used it for long. */
export class ChapterKernel implements AsyncDisposable {
  #kernel: Promise<Kernel> | undefined;
  #view: KernelView = { state: "none", message: "" };
  #running = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ChapterKernelOptions) {}

  get view(): KernelView {
    return this.#view;
  }

  /** The number of the kernel's process; undefined when there is none. */
  async pid(): Promise<number | undefined> {
    return (await this.#kernel?.catch(() => undefined))?.pid;
  }

  /** Runs a cell after those that were handed in before, in a new kernel if there is none. It never throws. */
  async execute(code: string, options: ExecuteOptions = {}): Promise<ExecuteResult> {
    clearTimeout(this.#idle);
    this.#running++;
    try {
      const kernel = await (this.#kernel ??= this.#start());
      if (this.#view.state === "idle") this.#tell("busy");
      return await executeCell(kernel, code, options);
    } catch (error) {
      const evalue = error instanceof Error ? error.message : String(error);
      const failure = { ename: "KernelStopped", evalue, traceback: [] };
      return { status: "aborted", outputs: [], error: failure };
    } finally {
      this.#running--;
      // Between two cells of a queue it does not rest.
      if (this.#running === 0 && this.#kernel) this.#idle = setTimeout(() => this.#rest(), 20);
    }
  }

  /** Stops the cell that runs. Variables are kept, unless it does not come back. */
  async interrupt(): Promise<void> {
    const { state } = this.#view;
    if (state === "none" || state === "idle") return;
    const kernel = await this.#kernel?.catch(() => undefined);
    // A cell that waited for the kernel to start begins in this moment.
    if (state === "starting") await new Promise((resolve) => setTimeout(resolve, 0));
    if (this.#running > 0) this.#tell("stopping");
    await kernel?.interrupt();
  }

  /** Ends the kernel, and with it the cell that runs. The next run starts a new one. */
  async close(message = ""): Promise<void> {
    clearTimeout(this.#idle);
    const kernel = this.#kernel;
    this.#kernel = undefined;
    this.#tell("none", message);
    await (await kernel?.catch(() => undefined))?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #start(): Promise<Kernel> {
    this.#tell("starting");
    const started: Promise<Kernel> = Kernel.start({ cwd: this.options.cwd, small: true });
    started.then(
      (kernel) => {
        if (this.#kernel === started) this.#tell("busy");
        kernel.ended.then((reason) => this.#lose(started, reason));
      },
      (error) => this.#lose(started, error),
    );
    return started;
  }

  /** The kernel has gone without being asked to. */
  #lose(kernel: Promise<Kernel>, reason: unknown): void {
    if (this.#kernel !== kernel) return;
    this.#kernel = undefined;
    clearTimeout(this.#idle);
    const words = reason instanceof KernelStopped ? reason.message : String(reason);
    this.#tell("none", `${words}. Its variables are gone; the next run starts a new kernel.`);
  }

  #rest(): void {
    this.#tell("idle");
    const { idleLimit = 30 * 60 } = this.options;
    const minutes = Math.round(idleLimit / 60);
    const words = `The kernel was ended after ${minutes} minutes without a run.`;
    this.#idle = setTimeout(() => this.close(words), idleLimit * 1000);
  }

  #tell(state: KernelView["state"], message = ""): void {
    this.#view = { state, message };
    this.options.onChange(this.#view);
  }
}
