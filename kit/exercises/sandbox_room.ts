import { stripTypeScriptTypes } from "node:module";
import { AnswerError } from "./answer_error.ts";
import { explainThrown } from "./explain_thrown.ts";
import type { HostReport, HostSetup } from "./sandbox_host.ts";
import hostSource from "./sandbox_host.ts" with { type: "text" };
import workerSource from "./sandbox_worker.ts" with { type: "text" };

/** What is known of a thrown value. */
export interface Thrown {
  name: string;
  message: string;
  timedOut?: boolean;
}

/** What the worker is asked to do. */
export type Request =
  | { type: "load"; code: string; id: string; timeLimit: number }
  | { type: "call"; call: number; args: unknown[] };

/** What the worker answers. */
export type Reply =
  | { type: "started" }
  | { type: "loaded"; found: boolean }
  | { type: "refused"; error: Thrown }
  | { type: "value"; call: number; value: unknown }
  | { type: "unsendable"; call: number; of: string }
  | { type: "threw"; call: number; error: Thrown };

/** How long a room outlives a limit, so that the worker's own clock speaks first. */
const GRACE = 1_000;

// As JavaScript: `deno test` would check the types of each new thread's code.
const [hostCode, workerCode] = [hostSource, workerSource].map((code) =>
  stripTypeScriptTypes(code, { mode: "transform" })
);

/** Two nested threads that run one answer, seen from outside. Once one has failed, another is needed. */
export class Room {
  readonly #host: Worker;
  readonly #port: MessagePort;
  readonly #timeLimit: number;
  readonly #started = Promise.withResolvers<void>();
  readonly #loaded = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<void>();
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #nextCall = 0;
  /** Why no call will succeed any more. */
  failure?: AnswerError;

  constructor(timeLimit: number, heapMegabytes: number) {
    this.#timeLimit = timeLimit;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#port.onmessage = ({ data }: MessageEvent<Reply>) => this.#receive(data);
    const blob = URL.createObjectURL(new Blob([hostCode!], { type: "text/javascript" }));
    this.#host = new Worker(
      blob,
      { type: "module", deno: { permissions: "none" } } as WorkerOptions,
    );
    this.#host.onmessage = ({ data }: MessageEvent<HostReport>) => this.#hear(data);
    const setup: HostSetup = {
      workerUrl: `data:text/javascript,${encodeURIComponent(workerCode!)}`,
      heapMegabytes,
      port: port2,
    };
    this.#host.postMessage(setup, [port2]);
    for (const { promise } of [this.#started, this.#loaded]) promise.catch(() => {});
  }

  #ask(request: Request): void {
    this.#port.postMessage(request);
  }

  #hear(report: HostReport): void {
    if (report.type === "stopped") return this.#stopped.resolve();
    const what = report.reason === "memory"
      ? "used too much memory and was stopped"
      : "ended its own thread";
    this.fail(new AnswerError(`the answer ${what}`));
  }

  #receive(reply: Reply): void {
    if (reply.type === "started") return this.#started.resolve();
    if (reply.type === "refused") return this.fail(this.#explain(reply.error));
    if (reply.type === "loaded") {
      return reply.found
        ? this.#loaded.resolve()
        : this.fail(new AnswerError("the cell gives check() no function"));
    }
    const call = this.#calls.get(reply.call);
    this.#calls.delete(reply.call);
    if (reply.type === "value") call?.resolve(reply.value);
    else if (reply.type === "unsendable") call?.reject(unsendable(reply.of));
    else if (reply.error.timedOut) this.fail(this.#explain(reply.error), call);
    else call?.reject(this.#explain(reply.error));
  }

  #explain(error: Thrown): AnswerError {
    return error.timedOut ? tooLong(this.#timeLimit) : explainThrown(error);
  }

  /** Waits for code that may be awaiting something that never comes. */
  async #limit<T>(promise: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.fail(tooLong(this.#timeLimit)), this.#timeLimit + GRACE);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Loads the compiled cell whose `check(id, …)` hands the answer over. */
  async load(code: string, id: string): Promise<void> {
    await this.#started.promise;
    this.#ask({ type: "load", code, id, timeLimit: this.#timeLimit });
    await this.#limit(this.#loaded.promise);
  }

  /** Calls the answer. */
  async call(args: unknown[]): Promise<unknown> {
    const outcome = Promise.withResolvers<unknown>();
    const call = this.#nextCall++;
    this.#calls.set(call, outcome);
    this.#ask({ type: "call", call, args });
    return await this.#limit(outcome.promise);
  }

  /** Ends both threads; whatever waits for them hears why. */
  fail(reason: AnswerError, call?: PromiseWithResolvers<unknown>): void {
    if (this.failure) return;
    this.failure = reason;
    for (
      const waiting of [this.#started, this.#loaded, ...this.#calls.values(), ...call ? [call] : []]
    ) {
      waiting.reject(reason);
    }
    this.#calls.clear();
    this.#port.close();
    this.#host.postMessage("stop");
    this.#stopped.promise.then(() => this.#host.terminate());
  }

  /** Ends both threads, and waits for them. */
  async close(): Promise<void> {
    this.fail(new AnswerError("the sandbox is closed"));
    await this.#stopped.promise;
  }
}

/** Says that a limit was reached. */
export function tooLong(timeLimit: number): AnswerError {
  return new AnswerError(
    `the answer took longer than ${timeLimit / 1_000} s: is there a loop or a wait without an end?`,
  );
}

/** Says that a result cannot be copied out of the answer's thread. */
export function unsendable(what: string): AnswerError {
  const described = what === "object" ? "an object with something in it" : `a ${what}`;
  return new AnswerError(
    `your code returned ${described} that cannot be copied: return plain data or a typed array`,
  );
}
