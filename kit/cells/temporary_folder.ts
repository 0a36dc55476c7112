/** Lends a folder outside the repository, and removes it with all that is in it, whatever happens. */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  // The real path, since Deno reports real paths and macOS keeps its temporary folder behind a link.
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "fewer-bytes-" }));
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
