/** The command that opens an address on an operating system; undefined when nobody sits at a screen. */
export function openCommand(
  os: typeof Deno.build.os,
  url: string,
  environment: (name: string) => string | undefined,
): readonly [command: string, ...args: string[]] | undefined {
  if (os === "darwin") return ["open", url];
  if (os === "windows") return ["cmd", "/c", "start", "", url];
  const screen = environment("DISPLAY") || environment("WAYLAND_DISPLAY");
  return screen ? ["xdg-open", url] : undefined;
}

/** Opens an address in the browser when there is one. It is a courtesy: that it fails is no error. */
export async function openBrowser(url: string): Promise<boolean> {
  const [command, ...args] = openCommand(Deno.build.os, url, (name) => Deno.env.get(name)) ?? [];
  if (command === undefined) return false;
  try {
    const child = new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" })
      .spawn();
    child.unref();
    return (await child.status).success;
  } catch {
    return false;
  }
}
