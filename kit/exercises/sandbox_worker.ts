/**
 * The inner room of the sandbox: one answer, one thread, no permission, a bounded heap.
 *
 * `sandbox_room.ts` sends a cell as a script, where imports of any kind do not exist, and the cell's own `check()` call
 * hands the answer over. An answer that digs for the port gains nothing: what it could send, it could as well return.
 */
import { Script } from "node:vm";
import { workerData } from "node:worker_threads";
import type { Request, Thrown } from "./sandbox_room.ts";

const port = workerData as MessagePort;
// Taken before the answer runs, so that nothing it changes can reach them.
const post = MessagePort.prototype.postMessage.bind(port) as (message: unknown) => void;
const setTimer = setTimeout;
const entrance = "fewer-bytes:run";
const script = new Script(`globalThis[${JSON.stringify(entrance)}]()`);
const RESULT_BYTES = 2 ** 26;
let timeLimit = 0;

/** Runs code that may never return: the time limit of `node:vm` stops a loop, which ending a busy thread does not. */
function timed<T>(run: () => T): T {
  Reflect.set(globalThis, entrance, run);
  return script.runInThisContext({ timeout: timeLimit }) as T;
}

/** What a thrown value says of itself, however odd it is. */
function describe(error: unknown): Thrown {
  try {
    if (!(error instanceof Error)) {
      return { name: "a value that is no Error", message: String(error) };
    }
    const timedOut = (error as { code?: unknown }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
    return { name: String(error.name), message: String(error.message), timedOut };
  } catch {
    return { name: "a value", message: "that cannot be shown" };
  }
}

/** Roughly how much a result holds; it is copied into the grader's memory, so it has to be small. */
function size(value: unknown, seen = new Set<unknown>()): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || seen.has(value)) return 8;
  seen.add(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  const parts: Iterable<unknown> = value instanceof Map || value instanceof Set
    ? value
    : Object.values(value);
  let total = 8;
  for (const part of parts) total += size(part, seen);
  return total;
}

let answer: unknown;

async function load({ code, id }: Extract<Request, { type: "load" }>): Promise<void> {
  const silent = new Proxy({}, { get: () => () => {} });
  const check = (calledId: unknown, candidate: unknown) => {
    if (calledId === id) answer = candidate;
  };
  Object.assign(globalThis, { check, hint: () => {}, console: silent });
  for (const name of ["postMessage", "Worker", "close"]) Reflect.deleteProperty(globalThis, name);
  try {
    await timed(new Script(code).runInThisContext() as () => Promise<void>);
    post({ type: "loaded", found: typeof answer === "function" });
  } catch (error) {
    post({ type: "refused", error: describe(error) });
  }
}

async function call({ call, args }: Extract<Request, { type: "call" }>): Promise<void> {
  let value: unknown;
  try {
    value = await timed(() => (answer as (...args: unknown[]) => unknown)(...args));
  } catch (error) {
    return post({ type: "threw", call, error: describe(error) });
  }
  try {
    if (timed(() => size(value)) > RESULT_BYTES) {
      return post({ type: "unsendable", call, of: "result of more than 64 MiB" });
    }
    post({ type: "value", call, value });
  } catch {
    post({ type: "unsendable", call, of: typeof value });
  }
}

for (const event of ["error", "unhandledrejection"]) {
  addEventListener(event, (event) => event.preventDefault());
}

port.onmessage = ({ data }: MessageEvent<Request>) => {
  if (data.type === "load") timeLimit = data.timeLimit;
  // From a timer: a thread that runs out of memory inside a message handler ends without telling anyone.
  setTimer(() => void (data.type === "load" ? load(data) : call(data)), 0);
};
post({ type: "started" });
