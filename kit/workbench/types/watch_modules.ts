import { pathToFileURL } from "node:url";

const module = /\.(?:[cm]?[jt]sx?|json)$/;

/**
 * Calls back with the URLs of modules below a folder that may have changed on disk. A folder that cannot be watched (some
 * network drives, too many folders for the system) is left alone.
 */
export function watchModules(folder: string, onChange: (urls: string[]) => void): AsyncDisposable {
  let watcher: Deno.FsWatcher | undefined;
  const watch = async () => {
    watcher = Deno.watchFs(folder);
    for await (const { kind, paths } of watcher) {
      const modules = kind === "access" ? [] : paths.filter((path) => module.test(path));
      if (modules.length > 0) onChange(modules.map((path) => pathToFileURL(path).href));
    }
  };
  // Nobody hears of changes from a watcher that has failed; the server starts anew sooner or later.
  const watching = watch().catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      watcher?.close();
      await watching;
    },
  };
}
