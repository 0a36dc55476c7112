import { join, sep } from "node:path";

/** The folders that are served, each under its own name. */
const served = ["build", "slides"];

/** One part of a path that names a file or folder: no separator, and not hidden, which leaves out `..` as well. */
const plainName = /^[^./\\\0][^/\\\0]*$/;

/**
 * Finds the file that the path of a URL asks for, inside build/ and slides/ and nowhere else: not by `..` in whatever
 * encoding, not through a link that leads outside, not a hidden file. A folder stands for its index.html.
 *
 * @param pathname as it stands in the URL, percent-encoded
 * @returns the file's real path; undefined when there is none to serve.
 */
export async function findFile(root: string, pathname: string): Promise<string | undefined> {
  const names = namesOf(pathname);
  const [folder] = names ?? [];
  if (!names || folder === undefined || !served.includes(folder)) return undefined;
  try {
    const allowed = await Deno.realPath(join(root, folder));
    const asked = await Deno.realPath(join(root, ...names));
    const file = (await Deno.stat(asked)).isDirectory
      ? await Deno.realPath(join(asked, "index.html"))
      : asked;
    const inside = file.startsWith(allowed + sep);
    return inside && (await Deno.stat(file)).isFile ? file : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/** The parts of a path, decoded once; undefined when one of them is no plain name. */
function namesOf(pathname: string): string[] | undefined {
  try {
    const names = pathname.replace(/^\//, "").replace(/\/$/, "").split("/").map(decodeURIComponent);
    return names.every((name) => plainName.test(name)) ? names : undefined;
  } catch {
    return undefined;
  }
}
