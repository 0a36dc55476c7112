/** What the tasks have in common: where the course is, how arguments are read, how a task ends. */
import { fileURLToPath } from "node:url";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { findNotebooks } from "../build/find_notebooks.ts";

/** The folder of the course. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** Says what is wrong with the arguments and how the task is called, and ends with status 2. */
export function refuseArguments(message: string, usage: string): never {
  console.error(`${message}\n\n${usage.trim()}`);
  Deno.exit(2);
}

/**
 * Reads the arguments of a task, by options as node:util's parseArgs knows them. `--help` prints how the task is called
 * and ends well; a wrong argument ends with status 2.
 */
export function readArguments<const O extends NonNullable<ParseArgsConfig["options"]>>(
  usage: string,
  options: O,
  { names = false }: { names?: boolean } = {},
) {
  if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
    console.log(usage.trim());
    Deno.exit(0);
  }
  try {
    return parseArgs({ args: Deno.args, options, allowPositionals: names, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The first sentence; the others explain how to pass something else that begins with a dash.
    return refuseArguments(error.message.split(/\. (?=To |This )/)[0] ?? error.message, usage);
  }
}

/** The notebooks that the arguments name, or all; names that fit none are wrong arguments. */
export async function namedNotebooks(names: readonly string[], usage: string): Promise<string[]> {
  try {
    return await findNotebooks(root, names);
  } catch (error) {
    if (error instanceof RangeError) return refuseArguments(error.message, usage);
    throw error;
  }
}

/** A signal that Ctrl-C aborts, so that kernels are ended and nothing is left behind. */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  Deno.addSignalListener(
    "SIGINT",
    () => controller.abort(new DOMException("Interrupted", "AbortError")),
  );
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener(
      "SIGTERM",
      () => controller.abort(new DOMException("Ended", "AbortError")),
    );
  }
  return controller.signal;
}

/** Runs the body of a task to its status, and ends the process with it: 130 when Ctrl-C came. */
export async function runTask(body: (signal: AbortSignal) => Promise<boolean>): Promise<never> {
  const signal = untilInterrupted();
  try {
    Deno.exit(await body(signal) ? 0 : 1);
  } catch (error) {
    if (!signal.aborted) throw error;
    console.error("\nInterrupted; notebooks that were being run are as they were.");
    Deno.exit(130);
  }
}
