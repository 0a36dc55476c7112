/**
 * Runs answers that nobody has read: with no permission, on a clock, with a bounded heap.
 *
 * Inputs and results cross by structured clone. What is expected never enters the sandbox, so an answer that tampers
 * with its own room can still only return a value, right or wrong.
 */
import { AnswerError } from "./answer_error.ts";
import { compileCell } from "./compile_cell.ts";
import { Room } from "./sandbox_room.ts";
import type { AnyAnswer } from "./suite.ts";

/** Limits of the sandbox. */
export interface SandboxOptions {
  /** How long loading the cell may take, and each call of the answer, in milliseconds. */
  timeLimit?: number;
  /** The bound of the JavaScript heap of one answer, in megabytes; what typed arrays hold lies outside of it. */
  heapMegabytes?: number;
  /** How many rooms are kept ready: one takes half a second to start, mostly waiting. */
  warm?: number;
}

/** One answer in its sandbox. */
export interface Sandbox extends AsyncDisposable {
  /** Calls the answer; rejects with an {@linkcode AnswerError} that says what went wrong. */
  readonly answer: AnyAnswer;
}

/** The sandboxes of one run; `await using` closes them. */
export class Sandboxes implements AsyncDisposable {
  readonly #options: Required<SandboxOptions>;
  readonly #warm: Room[] = [];

  constructor({ timeLimit = 5_000, heapMegabytes = 256, warm = 1 }: SandboxOptions = {}) {
    this.#options = { timeLimit, heapMegabytes, warm };
  }

  #take(): Room {
    const { timeLimit, heapMegabytes, warm } = this.#options;
    while (this.#warm.length <= warm) this.#warm.push(new Room(timeLimit, heapMegabytes));
    return this.#warm.shift()!;
  }

  /**
   * Prepares the answer of a cell, which hands it over with `check(id, …)`.
   *
   * A cell that cannot be loaded stays so; one that was stopped in a call gets a new room for the next call.
   */
  open(cell: string, id: string): Sandbox {
    let broken: AnswerError | undefined;
    let code = "";
    try {
      code = compileCell(cell);
    } catch (error) {
      broken = error as AnswerError;
    }
    let room: Room | undefined;
    const enter = async () => {
      room = this.#take();
      await room.load(code, id).catch((error) => {
        broken = error;
      });
    };
    return {
      answer: async (...args) => {
        if (!broken && (room === undefined || room.failure)) await enter();
        if (broken) throw broken;
        return await room!.call(args);
      },
      [Symbol.asyncDispose]: async () => await room?.close(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#warm.splice(0).map((room) => room.close()));
  }
}
