import type { Notebook } from "../../../kit/notebook/mod.ts";

/** Tests that drive a real kernel are left out where they may not. */
export const withoutKernel = (["run", "net", "read", "write", "env"] as const)
  .some((name) => Deno.permissions.querySync({ name }).state !== "granted");

/** A notebook of code cells: their sources, or sources with tags. */
export function notebook(...sources: (string | { source: string; tags: string[] })[]): Notebook {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: sources.map((entry, index) => {
      const { source, tags } = typeof entry === "string"
        ? { source: entry, tags: undefined }
        : entry;
      const metadata = tags ? { tags } : {};
      return {
        cell_type: "code",
        id: `cell-${index + 1}`,
        metadata,
        source,
        execution_count: null,
        outputs: [],
      };
    }),
  };
}

/** A folder that is gone afterwards. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir();
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Is a process with this number alive? Only asked about processes that the tests have started. */
export function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

/** Waits until something is so; false when it is not so after some seconds. */
export async function eventually(condition: () => boolean, seconds = 10): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < seconds * 1000;) {
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return condition();
}
