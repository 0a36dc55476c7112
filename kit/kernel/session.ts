import { newConnection, withConnectionFile } from "./connection.ts";
import { KernelProcess, KernelStopped } from "./kernel_process.ts";
import type { Message } from "./message.ts";
import { ours, prelude, questionCode, type Questions } from "./prelude.ts";
import { within } from "./within.ts";

/** What the kernel has answered. */
export interface Answer {
  readonly answer: unknown;
}

/**
 * A kernel that answers our questions. What its code shows (console lines, displays, the value of a cell) goes through one
 * queue, and so do the answers: once an answer is here, all that was shown before it is here too.
 */
export class Session {
  #answers = new Map<number, (answer: Answer) => void>();
  #asked = 0;
  #heardAt = 0;

  private constructor(readonly process: KernelProcess) {}

  /**
   * Starts a kernel in a folder, ready for questions.
   *
   * @param hear takes every message that the kernel publishes, and its size in bytes
   * @throws {KernelStopped} when it does not come up.
   */
  static async start(
    cwd: string,
    hear: (message: Message, bytes: number) => void,
    flags = "",
    attempts = 3,
  ): Promise<Session> {
    try {
      return await Session.#start(cwd, hear, flags);
    } catch (error) {
      // Someone else may have taken one of the ports that were free a moment ago.
      if (attempts === 1 || !String(error).includes("AddrInUse")) throw error;
      return await Session.start(cwd, hear, flags, attempts - 1);
    }
  }

  static async #start(
    cwd: string,
    hear: (message: Message, bytes: number) => void,
    flags: string,
  ): Promise<Session> {
    const connection = newConnection();
    // The file stays until the prelude watches us: a file that is left behind tells of a kernel that does not.
    return await withConnectionFile(connection, async (file) => {
      const place = { connection, file, cwd, flags };
      const process = await KernelProcess.start(place, (message, bytes) => {
        session.#hear(message);
        hear(message, bytes);
      });
      const session = new Session(process);
      try {
        await session.#prepare();
        return session;
      } catch (error) {
        await process.stop("The kernel did not come up");
        throw error;
      }
    });
  }

  /** Installs the prelude, and waits until the kernel publishes to us. */
  async #prepare(): Promise<void> {
    const { content } = await this.run(prelude, true);
    if (content["status"] !== "ok") {
      throw new KernelStopped(`The kernel refused the prelude: ${content["evalue"]}`);
    }
    // The kernel takes note of our subscription in its own time: until then it publishes to no one.
    for (let attempt = 0; !await within(this.#question("flush", null), 0.2); attempt++) {
      if (attempt === 50) throw new KernelStopped("The kernel publishes nothing");
    }
  }

  /** Runs code; the promise is the kernel's reply. Hidden code is not counted, and its value is not shown. */
  run(code: string, hidden: boolean): Promise<Message> {
    return this.process.request("shell", "execute_request", {
      code,
      silent: hidden,
      store_history: !hidden,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    });
  }

  /**
   * Asks a question; undefined when the kernel refuses it.
   *
   * @param limit after so many seconds without any message the kernel is ended
   * @throws {KernelStopped} when the kernel ends.
   */
  async ask<Q extends keyof Questions>(
    question: Q,
    argument: Questions[Q],
    limit: number,
  ): Promise<Answer | undefined> {
    const asked = performance.now();
    const answer = this.#question(question, argument).then((value) => ({ value }));
    while (true) {
      const silence = (performance.now() - Math.max(asked, this.#heardAt)) / 1000;
      if (silence >= limit) {
        await this.process.stop(
          `The kernel fell silent for ${limit} s after a cell, whose timers may run for ever`,
        );
      }
      const result = await within(answer, Math.max(0, limit - silence));
      if (result) return result.value;
    }
  }

  /** Waits until all is here that code has shown so far. */
  async flush(limit: number): Promise<void> {
    // An interrupt that comes as a cell ends may hit the question instead: the second one finds the kernel well.
    for (let attempt = 0; attempt < 2; attempt++) if (await this.ask("flush", null, limit)) return;
    while (performance.now() - this.#heardAt < 100) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #question<Q extends keyof Questions>(
    question: Q,
    argument: Questions[Q],
  ): Promise<Answer | undefined> {
    const id = ++this.#asked;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#answers.set(id, resolve);
    const { content } = await this.run(questionCode(id, question, argument), true);
    if (content["status"] !== "ok") return undefined;
    return await Promise.race([
      promise,
      this.process.ended.then((reason) => Promise.reject(reason)),
    ]);
  }

  #hear({ header, content }: Message): void {
    this.#heardAt = performance.now();
    if (header.msg_type !== ours.answer) return;
    const id = Number(content["id"]);
    this.#answers.get(id)?.({ answer: content["value"] });
    this.#answers.delete(id);
  }
}
