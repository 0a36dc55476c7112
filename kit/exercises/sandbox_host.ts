/**
 * The outer room of the sandbox: a thread without any permission, which starts the inner one and ends it.
 *
 * Two rooms are needed, as each can do what the other cannot. A web worker can be stripped of its permissions, and
 * whatever it starts inherits that. A `node:worker_threads` worker has a bounded heap, so that an answer that fills its
 * memory takes only its own thread down, but it would have all the permissions of whoever starts it.
 */
import { Worker } from "node:worker_threads";

/** What the room says first: which code to run, with which bound, and the port to hand on. */
export interface HostSetup {
  workerUrl: string;
  heapMegabytes: number;
  port: MessagePort;
}

/** What it hears: the answer's thread ended by itself, or everything is stopped as asked. */
export type HostReport = { type: "ended"; reason: "memory" | "exit" } | { type: "stopped" };

const report = (message: HostReport) =>
  (globalThis as unknown as { postMessage(message: HostReport): void }).postMessage(message);

let worker: Worker | undefined;

addEventListener("message", async (event) => {
  const setup = (event as MessageEvent<HostSetup | "stop">).data;
  if (setup === "stop") {
    await worker?.terminate();
    return report({ type: "stopped" });
  }
  const { workerUrl, heapMegabytes, port } = setup;
  worker = new Worker(new URL(workerUrl), {
    workerData: port,
    transferList: [port as never],
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 32 },
  });
  worker.on("error", (error: Error & { code?: string }) => {
    report({
      type: "ended",
      reason: error.code === "ERR_WORKER_OUT_OF_MEMORY" ? "memory" : "exit",
    });
  });
  worker.on("exit", () => report({ type: "ended", reason: "exit" }));
});
