import type { Import } from "./read_cells.ts";

/** What the kernel can be asked behind the cells: question → its argument. */
export interface Questions {
  /** Has everything been sent that the cells so far have shown? The answer comes after it, in the same queue. */
  flush: null;
  /** Why can these not be imported, or which export do they lack? A cell would just get undefined. */
  check: readonly Import[];
}

/** The names of our own messages in the queue of the kernel's output: answers, and errors that no one caught. */
export const ours = { answer: "fewer_bytes_answer", uncaught: "fewer_bytes_uncaught" } as const;

const key = "fewer-bytes.kernel";

/**
 * Runs inside the kernel before the first cell, answers questions, and reports errors that no one caught, in a promise
 * or a timer, which the kernel keeps to itself. It keeps what it needs, as cells may replace any global, and leaves one
 * hidden property. It is sent as text: it can use nothing from this file.
 */
function install(key: string, names: { answer: string; uncaught: string }): void {
  const { broadcast } = Deno.jupyter;
  const { stdin, exit } = Deno;
  const later = setTimeout;
  const forget = clearTimeout;
  const soon = queueMicrotask;
  // The garbage collector, from another realm, so that this one has no new global.
  const { getBuiltinModule } = globalThis.process;
  getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
  const collect: () => void = getBuiltinModule("node:vm").runInNewContext("gc");

  const answers: { [Q in keyof Questions]: (argument: Questions[Q]) => Promise<unknown> } = {
    // One turn of the event loop brings up the promises that the cell has rejected.
    flush: () => new Promise((resolve) => later(resolve, 0, null)),
    check: async (imports) => {
      for (const { source, names, attributes } of imports) {
        try {
          const module = await import(source, { with: attributes });
          const missing = names.find((name) => !(name in module));
          if (missing === undefined) continue;
          const hint = 'if it is a type, write "import type"';
          throw new SyntaxError(`The module "${source}" does not export "${missing}" (${hint})`);
        } catch (error) {
          return { ...describe(error), traceback: [] };
        }
      }
      return null;
    },
  };

  function describe(error: unknown): { ename: string; evalue: string; traceback: string[] } {
    return error instanceof Error
      ? { ename: error.name, evalue: error.message, traceback: (error.stack ?? "").split("\n") }
      : { ename: "Error", evalue: String(error), traceback: [] };
  }

  function report(event: Event, error: unknown): void {
    // An error that goes on to the kernel can stop its timers for good.
    event.preventDefault();
    // The listeners of a cell come after ours, and may declare the error handled.
    let handled = false;
    event.preventDefault = () => void (handled = true);
    soon(() => handled || broadcast(names.uncaught, describe(error)));
  }

  addEventListener("unhandledrejection", (event) => report(event, event.reason));
  addEventListener("error", (event) => report(event, event.error));

  async function ask<Q extends keyof Questions>(
    id: number,
    question: Q,
    argument: Questions[Q],
  ): Promise<void> {
    broadcast(names.answer, { id, value: await answers[question](argument) });
  }
  Object.defineProperty(globalThis, Symbol.for(key), { value: ask });

  // A cell that waits cannot be interrupted. But once nothing can end its wait any more, and the garbage collector has
  // found that out, the kernel gives up waiting too. So timers go, and then what waited for them is collected.
  async function release(): Promise<void> {
    const newest = Number(later(() => {}, 0));
    for (let timer = 1; timer <= newest; timer++) forget(timer);
    await new Promise<void>((resolve) => later(resolve, 0));
    collect();
  }

  // A byte asks us to let a waiting cell go. Our end of the pipe closes when we end, however we end: no kernel stays
  // behind.
  const watch = async () => {
    while (await stdin.read(new Uint8Array(1)) !== null) void release();
    exit();
  };
  watch().catch(() => {});
}

/** The code that installs it all. */
export const prelude = `(${install})(${JSON.stringify(key)}, ${JSON.stringify(ours)})`;

/** The code that asks a question; the answer comes as a message with the same number. */
export function questionCode<Q extends keyof Questions>(
  id: number,
  question: Q,
  argument: Questions[Q],
): string {
  const call = [id, question, argument].map((part) => JSON.stringify(part)).join(", ");
  return `await globalThis[Symbol.for(${JSON.stringify(key)})](${call})`;
}
