import { basename, join, relative, resolve } from "node:path";

/** The name of a chapter's file; copies that an editor leaves beside it have other names. */
const chapter = /^\d\d_\w+\.ipynb$/;

/**
 * The notebooks of the course in order, as paths from its root.
 *
 * @param named picks some: by path, by name, or by what the name begins with ("01")
 * @throws {RangeError} when a name fits none.
 */
export async function findNotebooks(
  root: string,
  named: readonly string[] = [],
): Promise<string[]> {
  const paths = await Array.fromAsync(Deno.readDir(join(root, "notebooks"))).then(
    (entries) =>
      entries.filter(({ isFile, name }) => isFile && chapter.test(name)).map(({ name }) =>
        `notebooks/${name}`
      )
        .sort(),
    (error) => error instanceof Deno.errors.NotFound ? [] : Promise.reject(error),
  );
  if (named.length === 0) return paths;
  const picked = named.flatMap((name) => {
    const asPath = relative(root, resolve(name)).replaceAll("\\", "/");
    const exact = paths.filter((path) =>
      path === asPath || path === name || basename(path, ".ipynb") === name
    );
    const found = exact.length > 0
      ? exact
      : paths.filter((path) => name !== "" && basename(path).startsWith(name));
    if (found.length === 0) {
      throw new RangeError(
        `Cannot find a notebook as it must be one of notebooks/*.ipynb: current value is ${name}`,
      );
    }
    return found;
  });
  return paths.filter((path) => picked.includes(path));
}
