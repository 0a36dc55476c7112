/** When changes are saved, in milliseconds. */
export interface AutosaveOptions {
  /** How long typing must rest; 200 by default. */
  readonly quiet?: number;
  /** How long a change waits while typing goes on; 800 by default. */
  readonly longest?: number;
  /** After how long a write that failed is tried again, unless a change comes before; 5000 by default. */
  readonly retry?: number;
  /** Told of the first of several failures in a row. */
  readonly onError?: (error: Error) => void;
}

/**
 * Decides when a document is written: soon after a change, not at every key, and at the latest after a second however
 * long someone types. One write runs at a time. One that fails is tried again; the changes stay unsaved until then.
 */
export class Autosave {
  readonly #write: () => Promise<void>;
  readonly #options: AutosaveOptions;
  /** Changes so far, and how many of them the last good write held. */
  #changes = 0;
  #saved = 0;
  /** When the first change came that no write has begun to hold. */
  #first: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #waiting: { change: number; resolve: () => void }[] = [];
  #failing = false;
  #closed = false;

  /** @param write puts the document on disk as it is when this is called, or later */
  constructor(write: () => Promise<void>, options: AutosaveOptions = {}) {
    this.#write = write;
    this.#options = options;
  }

  /** Whether some change is not on disk. */
  get pending(): boolean {
    return this.#saved < this.#changes;
  }

  /** The document has changed. */
  changed(): void {
    const { quiet = 200, longest = 800 } = this.#options;
    const now = performance.now();
    this.#changes++;
    this.#first ??= now;
    this.#schedule(Math.max(0, Math.min(quiet, this.#first + longest - now)));
  }

  /** Resolves when all changes so far are on disk. It never rejects: while writing fails it waits on. */
  saved(): Promise<void> {
    if (!this.pending) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ change: this.#changes, resolve });
    return promise;
  }

  /** Writes all changes so far without delay; rejects when a write fails. */
  async flush(): Promise<void> {
    const target = this.#changes;
    while (this.#saved < target) await this.#run();
  }

  /** Writes nothing from now on. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    // A failure has been told, and the next attempt is scheduled.
    this.#timer = setTimeout(() => void this.#run().catch(() => {}), delay);
  }

  #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#running ??= this.#attempt().finally(() => this.#running = undefined);
  }

  async #attempt(): Promise<void> {
    const { quiet = 200, retry = 5000, onError } = this.#options;
    const change = this.#changes;
    this.#first = undefined;
    try {
      await this.#write();
    } catch (error) {
      this.#schedule(this.#changes > change ? quiet : retry);
      if (!this.#failing) onError?.(error as Error);
      this.#failing = true;
      throw error;
    }
    this.#failing = false;
    this.#saved = change;
    this.#waiting = this.#waiting.filter((waiting) => {
      if (waiting.change <= change) waiting.resolve();
      return waiting.change > change;
    });
    // A change that came during the write, and whose own timer found the write still running.
    if (this.pending && this.#timer === undefined) this.#schedule(0);
  }
}
