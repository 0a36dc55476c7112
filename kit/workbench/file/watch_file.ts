import { basename, dirname } from "node:path";

/** How long a file must rest before a change is told, in milliseconds: programs write in several steps. */
const rest = 100;

/**
 * Calls back soon after a file may have changed: written, replaced, removed or put back. It may call once too often. A
 * folder that cannot be watched (some network drives, a folder that is not there) is left alone.
 */
export function watchFile(path: string, onChange: () => void): AsyncDisposable {
  const name = basename(path);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let watcher: Deno.FsWatcher | undefined;
  try {
    // The folder, as a file that is replaced is another one, and the old one would be watched on.
    watcher = Deno.watchFs(dirname(path), { recursive: false });
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable) {
      throw error;
    }
  }
  const watch = async () => {
    for await (const { kind, paths } of watcher ?? []) {
      if (kind === "access" || !paths.some((changed) => basename(changed) === name)) continue;
      clearTimeout(timer);
      timer = setTimeout(onChange, rest);
    }
  };
  // Nobody hears of changes from a watcher that has failed; whoever writes looks before anyway.
  const watching = watch().catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      watcher?.close();
      await watching;
      clearTimeout(timer);
    },
  };
}
