import { join } from "node:path";

/** How a file is replaced. */
export interface WriteOptions {
  /** Has the disk confirm the new text before it takes the place, so that a power cut leaves the old text or the new one. */
  readonly durable?: boolean;
  /** Asked at the last moment, when all but the renaming is done; if not, the file stays as it is. */
  readonly onlyIf?: () => Promise<boolean>;
}

/**
 * Replaces a file in one step, so that whoever reads it sees the old text or the new one, never a half. Returns whether
 * it did: `onlyIf` may refuse. The file keeps its permissions.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  { durable = false, onlyIf }: WriteOptions = {},
): Promise<boolean> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await writeNew(temporary, content, await modeOf(path), durable);
    const agreed = await onlyIf?.() ?? true;
    await (agreed ? Deno.rename(temporary, path) : Deno.remove(temporary));
    return agreed;
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
}

async function writeNew(
  path: string,
  content: string | Uint8Array,
  mode: number | undefined,
  durable: boolean,
): Promise<void> {
  const options = { write: true, createNew: true, ...(mode !== undefined && { mode }) };
  using file = await Deno.open(path, options);
  let bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  while (bytes.length > 0) bytes = bytes.subarray(await file.write(bytes));
  if (durable) await file.syncData();
}

async function modeOf(path: string): Promise<number | undefined> {
  const mode = await Deno.stat(path).then(({ mode }) => mode, () => null);
  return mode === null ? undefined : mode & 0o777;
}

/**
 * Removes what writers that were killed have left in a folder: temporary files of {@linkcode writeAtomically}, older
 * than a minute, as a younger one may be in use. A folder that is not there holds none.
 *
 * @param of only those of the file with this name
 */
export async function removeLeftovers(folder: string, of?: string): Promise<void> {
  const found = await Array.fromAsync(Deno.readDir(folder)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  });
  for (const { name } of found) {
    const target = /^(.+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.exec(name)?.[1];
    if (target === undefined || of !== undefined && target !== of) continue;
    const path = join(folder, name);
    // Another process may remove it at the same moment.
    const modified = await Deno.stat(path).then(({ mtime }) => mtime, () => null);
    if (modified === null || Date.now() - modified.getTime() < 60_000) continue;
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
  }
}
