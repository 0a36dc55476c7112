import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { runDeno } from "../cells/mod.ts";
import { type NotebookCells, withExtractions } from "../check/mod.ts";
import { digest } from "./digest.ts";

/** What the cells of a notebook load when they run. */
export interface LoadedModules {
  /** The fingerprint of each local file, by its path seen from the root. */
  readonly modules: Record<string, string>;
  /** The packages and remote modules with their exact versions, dependencies of dependencies included. */
  readonly packages: readonly string[];
}

const graph = z.object({
  modules: z.array(z.object({
    specifier: z.string(),
    npmPackage: z.string().optional(),
    dependencies: z.array(
      z.object({ code: z.object({ specifier: z.string().optional() }).optional() }),
    ).optional(),
  })),
  redirects: z.record(z.string(), z.string()).optional(),
  npmPackages: z.record(z.string(), z.object({ dependencies: z.array(z.string()) })).optional(),
});

/** Everything that can be reached from a start, the start included. */
function reachable(
  start: readonly string[],
  next: (from: string) => readonly string[],
): Set<string> {
  const seen = new Set<string>();
  const queue = [...start];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    queue.push(...next(node));
  }
  return seen;
}

async function fingerprint(url: string): Promise<string> {
  try {
    return digest(await Deno.readFile(fileURLToPath(url)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "missing";
    throw error;
  }
}

/**
 * Finds all modules, data files and packages that notebooks load, through however many imports: one run of `deno info`
 * for all notebooks. Imports of types alone do not count, as they are gone when a cell runs.
 */
export async function loadedModules(
  notebooks: readonly NotebookCells[],
  root: string,
): Promise<LoadedModules[]> {
  return await withExtractions(notebooks, async (files, _, folder) => {
    const all = join(folder, "all.ts");
    await Deno.writeTextFile(all, files.map((_, index) => `import "./${index}.ts";\n`).join(""));
    const { stdout, stderr } = await runDeno([
      "info",
      "--json",
      "--config",
      join(root, "deno.json"),
      all,
    ], root);
    if (!stdout.startsWith("{")) {
      throw new Error(`Cannot find what the notebooks import: ${stderr.trim()}`);
    }
    const { modules, redirects = {}, npmPackages = {} } = graph.parse(JSON.parse(stdout));
    const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
    const imports = (specifier: string): string[] => {
      const redirect = redirects[specifier];
      if (redirect !== undefined) return [redirect];
      return (bySpecifier.get(specifier)?.dependencies ?? []).flatMap(({ code }) =>
        code?.specifier ?? []
      );
    };
    const fingerprints = new Map<string, Promise<string>>();
    return await Promise.all(files.map(async (file): Promise<LoadedModules> => {
      const start = pathToFileURL(file).href;
      const found = [...reachable([start], imports)].filter((specifier) => specifier !== start);
      const locals = found.filter((specifier) => specifier.startsWith("file:")).map(async (url) => {
        const print = fingerprints.getOrInsertComputed(url, fingerprint);
        return [relative(root, fileURLToPath(url)).replaceAll("\\", "/"), await print] as const;
      });
      const npm = found.flatMap((specifier) => bySpecifier.get(specifier)?.npmPackage ?? []);
      const remote = found.filter((specifier) => specifier.startsWith("https:"));
      return {
        modules: Object.fromEntries(
          (await Promise.all(locals)).toSorted(([a], [b]) => a < b ? -1 : 1),
        ),
        packages: [...reachable(npm, (name) => npmPackages[name]?.dependencies ?? []), ...remote]
          .toSorted(),
      };
    }));
  });
}
