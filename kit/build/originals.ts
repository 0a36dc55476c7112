import { basename, dirname, resolve } from "node:path";
import { writeAtomically } from "../notebook/mod.ts";

/** The folder of the course's own copies. */
export const originalFolder = "data/chapters";

/**
 * Where the course's own copy of a notebook is: what a learner has changed is brought back from there. It is the same
 * file byte for byte, which costs no room in git.
 */
export function originalPath(path: string): string {
  return `${originalFolder}/${basename(path)}`;
}

async function differs(root: string, path: string): Promise<boolean> {
  const [own, original] = await Promise.all(
    [path, originalPath(path)].map((file) =>
      Deno.readTextFile(resolve(root, file)).catch((error) => {
        if (error instanceof Deno.errors.NotFound) return undefined;
        throw error;
      })
    ),
  );
  return own !== original;
}

/** The notebooks, by their paths from the root, that are not what the course's own copies say. */
export async function unpublished(root: string, paths: readonly string[]): Promise<string[]> {
  const different = await Promise.all(paths.map((path) => differs(root, path)));
  return paths.filter((_, index) => different[index]);
}

/** Makes notebooks the course's own, as they are now; gives those that changed. For authors. */
export async function publishNotebooks(root: string, paths: readonly string[]): Promise<string[]> {
  const changed = await unpublished(root, paths);
  for (const path of changed) {
    const original = resolve(root, originalPath(path));
    await Deno.mkdir(dirname(original), { recursive: true });
    await writeAtomically(original, await Deno.readTextFile(resolve(root, path)));
  }
  return changed;
}
