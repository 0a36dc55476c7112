import { join } from "node:path";
import { writeAtomically } from "../notebook/mod.ts";

/**
 * Where does Jupyter look for what a user has installed?
 *
 * @throws {Error} when the environment names no home.
 */
export function jupyterDataDir(
  os: typeof Deno.build.os = Deno.build.os,
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): string {
  const chosen = env("JUPYTER_DATA_DIR");
  if (chosen) return chosen;
  const below = (variable: string, ...parts: string[]) => {
    const folder = env(variable);
    if (!folder) {
      throw new Error(
        `Cannot find Jupyter's folder: ${variable} must be set: current value is ${folder}`,
      );
    }
    return join(folder, ...parts);
  };
  if (os === "windows") return below("APPDATA", "jupyter");
  if (os === "darwin") return below("HOME", "Library", "Jupyter");
  return env("XDG_DATA_HOME")
    ? below("XDG_DATA_HOME", "jupyter")
    : below("HOME", ".local", "share", "jupyter");
}

/**
 * Tells Jupyter about the Deno kernel. Differs from `deno jupyter --install` in two ways: Stop keeps the variables, and
 * outputs hold no color codes. Returns the path of the file written.
 */
export async function installKernelspec(dir: string = jupyterDataDir()): Promise<string> {
  const folder = join(dir, "kernels", "deno");
  const path = join(folder, "kernel.json");
  const spec = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    interrupt_mode: "message",
    env: { NO_COLOR: "1" },
  };
  await Deno.mkdir(folder, { recursive: true });
  await writeAtomically(path, JSON.stringify(spec, null, 2) + "\n");
  return path;
}

/** Does this Deno lie in the cache of npx, which may be emptied at any time? */
export function isEphemeral(path: string = Deno.execPath()): boolean {
  return /[\\/]_npx[\\/]/.test(path);
}
