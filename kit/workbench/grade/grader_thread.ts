import type { SandboxOptions } from "../../exercises/sandbox.ts";
import type {
  GraderQuestion,
  GraderQuestions,
  GraderReply,
  GraderRequest,
} from "./grader_worker.ts";

/** Starts the thread; it needs no permission, and has none. */
export function startGraderWorker(): Worker {
  return new Worker(
    new URL("./grader_worker.ts", import.meta.url),
    { type: "module", deno: { permissions: "none" } } as WorkerOptions,
  );
}

/** The thread that checks answers, seen from outside. Once it has failed, another is needed. */
export class GraderThread {
  readonly #worker: Worker;
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #closed = Promise.withResolvers<void>();
  #nextCall = 0;
  /** Why no question will be answered any more. */
  failure?: Error;

  constructor(worker: Worker, sandbox: SandboxOptions) {
    this.#worker = worker;
    this.#worker.onmessage = ({ data }: MessageEvent<GraderReply>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      // Otherwise it would end the server, too.
      event.preventDefault();
      this.#fail(
        new Error(`Cannot check answers as the thread that does it ended: ${event.message}`),
      );
      this.#worker.terminate();
      this.#closed.resolve();
    };
    this.#send({ type: "open", sandbox });
  }

  /** Whether it still has a question to answer. */
  get busy(): boolean {
    return this.#calls.size > 0;
  }

  /** Asks a question; rejects when it is refused, or when the thread ends before it is answered. */
  async ask<Q extends GraderQuestion>(question: Q): Promise<GraderQuestions[Q["type"]]["answer"]> {
    if (this.failure) throw this.failure;
    const answer = Promise.withResolvers<unknown>();
    const call = this.#nextCall++;
    this.#calls.set(call, answer);
    this.#send({ type: "ask", call, question });
    return await answer.promise as GraderQuestions[Q["type"]]["answer"];
  }

  /**
   * Ends the thread and its sandboxes, and waits for them. Only an answer in the middle of a loop that no message can
   * stop goes on in its room, until its time limit ends it, too.
   */
  async close(): Promise<void> {
    if (!this.failure) {
      this.#fail(new Error("Cannot check answers as the grader is closed"));
      this.#send({ type: "close" });
    }
    await this.#closed.promise;
    this.#worker.terminate();
  }

  #send(request: GraderRequest): void {
    this.#worker.postMessage(request);
  }

  #receive(reply: GraderReply): void {
    if (reply.type === "closed") return this.#closed.resolve();
    const call = this.#calls.get(reply.call);
    this.#calls.delete(reply.call);
    if (reply.type === "answer") call?.resolve(reply.answer);
    else call?.reject(new Error(reply.message));
  }

  #fail(reason: Error): void {
    this.failure ??= reason;
    for (const call of this.#calls.values()) call.reject(this.failure);
    this.#calls.clear();
  }
}
