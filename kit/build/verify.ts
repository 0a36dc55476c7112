import { formatProblem, readNotebooks } from "../check/mod.ts";
import { compareOutputs } from "./compare_outputs.ts";
import { originalPath, unpublished } from "./originals.ts";
import { Progress } from "./progress.ts";
import { runNotebooks } from "./run_notebooks.ts";

export interface VerifyOptions {
  readonly root: string;
  /** Paths from the root. */
  readonly notebooks: readonly string[];
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** A stored output is shown in a message only so far. */
function shorten(line: string): string {
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

/**
 * Are the outputs in these notebooks true, and are they what the course's own copies hold? Runs all of them again, in
 * memory, and compares. Nothing is written.
 *
 * @returns a message for each cell whose outputs differ, each notebook that fails or is not published; none when all is
 * true.
 */
export async function verifyNotebooks(
  { root, notebooks: paths, progress = new Progress(() => {}, false), signal }: VerifyOptions,
): Promise<string[]> {
  const { notebooks, unreadable } = await readNotebooks(paths, root);
  const messages = unreadable.map((problem) => ({
    path: problem.notebook,
    message: formatProblem(problem),
  }));
  for (const path of await unpublished(root, paths)) {
    const message = `${path} is not what ${originalPath(path)} holds: deno task build --publish`;
    messages.push({ path, message });
  }
  await runNotebooks(notebooks, {
    root,
    onCell: (event) => progress.cell(event),
    onBook({ path, book }, again) {
      progress.end(path);
      for (const { cell, before, after } of compareOutputs(book, again)) {
        const message = `${path}, cell ${cell}: the stored output differs from a new run
    stored: ${shorten(before)}
    run:    ${shorten(after)}`;
        messages.push({ path, message });
      }
    },
    onFailure({ path }, { message }) {
      progress.end(path);
      messages.push({ path, message });
    },
    ...(signal && { signal }),
  });
  return paths.flatMap((path) =>
    messages.filter((entry) => entry.path === path).map(({ message }) => message)
  );
}
