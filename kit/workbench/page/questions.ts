import type { ClientMessage, ServerMessage } from "../protocol.ts";

type Answers = {
  complete: Extract<ServerMessage, { type: "completions" }>;
  hover: Extract<ServerMessage, { type: "hover" }>;
};

/** After so many milliseconds an answer about what is being typed comes too late. */
const patience = 4000;

/** Questions to the server that wait for their answers. */
export class Questions {
  #count = 0;
  readonly #waiting = new Map<number, (answer: Answers[keyof Answers]) => void>();

  constructor(private readonly send: (message: ClientMessage) => boolean) {}

  /** Asks about a place in a cell, line and column from 1. Undefined when no answer comes. */
  ask<Type extends keyof Answers>(
    type: Type,
    cell: string,
    line: number,
    column: number,
  ): Promise<Answers[Type] | undefined> {
    const request = ++this.#count;
    return new Promise((resolve) => {
      const settle = (answer?: Answers[keyof Answers]) => {
        clearTimeout(timer);
        this.#waiting.delete(request);
        resolve(answer as Answers[Type] | undefined);
      };
      const timer = setTimeout(settle, patience);
      this.#waiting.set(request, settle);
      if (!this.send({ type, request, cell, line, column })) settle();
    });
  }

  answer(message: Answers[keyof Answers]): void {
    this.#waiting.get(message.request)?.(message);
  }
}
