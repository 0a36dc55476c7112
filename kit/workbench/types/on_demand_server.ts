import type { LanguageProcessOptions } from "./language_process.ts";
import { LanguageServer } from "./language_server.ts";
import { OneAtATime } from "../one_at_a_time.ts";

export interface OnDemandOptions extends LanguageProcessOptions {
  /** How long the language server lives after the last question, in seconds; two minutes by default. */
  readonly idleLimit?: number | undefined;
  /** How long none is started after one has failed, in seconds; one minute by default. */
  readonly pause?: number | undefined;
}

/** A language server that is there when it is asked something: it starts with a question and ends when none comes. */
export class OnDemandServer implements AsyncDisposable {
  /** One question at a time, so that no other changes the document that a question is about. */
  #questions = new OneAtATime();
  #server: LanguageServer | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #pausedUntil = 0;
  #closed = false;

  constructor(private readonly options: OnDemandOptions) {}

  /** Whether a language server is running now. */
  get running(): boolean {
    return this.#server?.ended === false;
  }

  /** Asks the language server; undefined when it cannot be asked, or fails. */
  ask<T>(question: (server: LanguageServer) => Promise<T>): Promise<T | undefined> {
    return this.#questions.run(async () => {
      if (this.#closed || performance.now() < this.#pausedUntil) return undefined;
      clearTimeout(this.#idle);
      const { idleLimit = 120, pause = 60 } = this.options;
      try {
        if (!this.running) {
          await this.#stop();
          this.#server = await LanguageServer.start(this.options);
        }
        if (this.#server && !this.#closed) return await question(this.#server);
      } catch {
        // A server that runs on has refused one question only; one that does not would fail again soon.
        if (!this.running) this.#pausedUntil = performance.now() + pause * 1000;
      } finally {
        this.#idle = setTimeout(() => this.#questions.run(() => this.#stop()), idleLimit * 1000);
      }
      return undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    // At once, though a question may be open.
    await this.#stop();
    await this.#questions.run(() => this.#stop());
    clearTimeout(this.#idle);
  }

  async #stop(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
  }
}
