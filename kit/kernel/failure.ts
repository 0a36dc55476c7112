import { dirname, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import type { Output } from "../notebook/mod.ts";

const failure = z.object({ ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) });

/** Why a cell failed, in the words of Jupyter. */
export type Failure = Readonly<z.infer<typeof failure>>;

/**
 * Reads a failure from a message of the kernel, and makes it the same on every machine: without colors, with paths
 * relative to the folder of the notebook, and without the stack frames that lie inside dependencies.
 */
export function failureOf(content: unknown, cwd: string): Failure {
  const { ename, evalue, traceback } = failure.parse(content);
  const project = pathToFileURL(dirname(cwd)).href;
  const portable = (text: string) =>
    // deno-lint-ignore no-control-regex
    text.replace(/\x1b\[[0-9;]*m/g, "").replace(/file:\/\/\/[^\s"')]*/g, (url) => {
      const [, file = "", place = ""] = url.match(/^(.*?)((?::\d+)*)$/) ?? [];
      return url.startsWith(project)
        ? relative(cwd, fileURLToPath(file)).replaceAll("\\", "/") + place
        : url;
    });
  const lines = traceback.flatMap((part) => part.split("\n")).map(portable).filter((line) =>
    !/^\s+at .*(file|ext):/.test(line) && line !== ""
  );
  return { ename, evalue: portable(evalue), traceback: lines };
}

/** The output that shows a failure. */
export function errorOutput({ ename, evalue, traceback }: Failure): Output {
  return { output_type: "error", ename, evalue, traceback: [...traceback] };
}
