import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { installKernelspec, isEphemeral, jupyterDataDir } from "../../../kit/kernel/mod.ts";
import { temporaryFolder, withoutKernel as ignore } from "./support.ts";

const environment = (variables: Record<string, string>) => (name: string) => variables[name];

Deno.test("jupyterDataDir() is where Jupyter looks on each system", () => {
  assertEquals(
    jupyterDataDir("linux", environment({ HOME: "/home/a" })),
    "/home/a/.local/share/jupyter",
  );
  assertEquals(
    jupyterDataDir("linux", environment({ HOME: "/home/a", XDG_DATA_HOME: "/x" })),
    "/x/jupyter",
  );
  assertEquals(
    jupyterDataDir("darwin", environment({ HOME: "/Users/a", XDG_DATA_HOME: "/x" })),
    "/Users/a/Library/Jupyter",
  );
  assertEquals(
    jupyterDataDir("windows", environment({ APPDATA: "roaming" })).replace("\\", "/"),
    "roaming/jupyter",
  );
  for (const os of ["linux", "darwin", "windows"] as const) {
    assertEquals(
      jupyterDataDir(os, environment({ JUPYTER_DATA_DIR: "/j", HOME: "/h", APPDATA: "/a" })),
      "/j",
    );
  }
  assertThrows(
    () => jupyterDataDir("linux", environment({})),
    Error,
    "HOME must be set: current value is undefined",
  );
});

Deno.test(
  "installKernelspec() writes a kernelspec whose Stop button sends a message",
  { ignore },
  async () => {
    await using folder = await temporaryFolder();
    const path = await installKernelspec(`${folder.path}/jupyter`);
    assertEquals(path, `${folder.path}/jupyter/kernels/deno/kernel.json`);
    assertEquals(JSON.parse(await Deno.readTextFile(path)), {
      argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
      interrupt_mode: "message",
      env: { NO_COLOR: "1" },
    });
  },
);

Deno.test("isEphemeral() knows the cache of npx", () => {
  assert(isEphemeral("/home/a/.npm/_npx/0f/node_modules/@deno/linux-x64/deno"));
  assert(isEphemeral("C:\\npm-cache\\_npx\\0f\\deno.exe"));
  assert(!isEphemeral("/home/a/.deno/bin/deno"));
});

Deno.test(
  "deno task kernel says in two lines what it wrote and how to go on",
  { ignore },
  async () => {
    await using folder = await temporaryFolder();
    const task = new URL("../../../kit/tasks/kernel.ts", import.meta.url).pathname;
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", task, folder.path],
    })
      .output();
    assert(success);
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assertEquals(lines.length, 2);
    assertEquals(lines[0], `Wrote ${folder.path}/kernels/deno/kernel.json`);
    assertStringIncludes(lines[1] ?? "", `kernel "Deno"`);
  },
);
