import { basename } from "node:path";
import type { CellEvent } from "../kernel/mod.ts";

/** The name of a notebook as people say it: `01_memory_wall`. */
export function notebookName(path: string): string {
  return basename(path, ".ipynb");
}

/** How often a notebook says where it is when lines cannot be overwritten, in milliseconds. */
const rarely = 10_000;

/**
 * Tells how far the notebooks are. On a terminal, one line that changes with every cell; elsewhere (a log), a plain line
 * now and then.
 */
export class Progress {
  readonly #running = new Map<string, string>();
  readonly #told = new Map<string, number>();

  /**
   * @param write takes text to show
   * @param terminal whether a line can be overwritten
   * @param now a clock in milliseconds
   */
  constructor(
    readonly write: (text: string) => void,
    readonly terminal: boolean,
    readonly now: () => number = () => performance.now(),
  ) {}

  /** A cell begins or has ended. */
  cell({ notebook, cell, of }: CellEvent): void {
    const name = notebookName(notebook);
    const state = `${name}  ${cell}/${of}`;
    this.#running.set(name, state);
    if (this.terminal) return this.#draw();
    const told = this.#told.get(name) ?? this.#told.set(name, this.now()).get(name) ?? 0;
    if (this.now() - told < rarely) return;
    this.#told.set(name, this.now());
    this.write(`${state}\n`);
  }

  /** A notebook has come to its end, one way or the other. */
  end(notebook: string): void {
    this.#running.delete(notebookName(notebook));
    if (this.terminal) this.#draw();
  }

  /** Writes a line that stays. */
  line(text: string): void {
    this.write(this.terminal && this.#running.size > 0 ? `\r\x1b[K${text}\n` : `${text}\n`);
    if (this.terminal && this.#running.size > 0) this.#draw();
  }

  #draw(): void {
    this.write(`\r\x1b[K${[...this.#running.values()].join("   ")}`);
  }
}

/** Progress on the standard output. */
export function consoleProgress(): Progress {
  const encoder = new TextEncoder();
  return new Progress(
    (text) => Deno.stdout.writeSync(encoder.encode(text)),
    Deno.stdout.isTerminal(),
  );
}
