/** `deno task start`: the whole course in the browser, live on the real kernel. */
import "./require_deno.ts";

const { endAbandonedKernels } = await import("../kernel/mod.ts");
const { listen, openBrowser } = await import("../serve/mod.ts");
const { Assets, createApp, newSecret, Workbench } = await import("../workbench/mod.ts");
const { readArguments, refuseArguments, root, runTask } = await import("./task.ts");

const usage = `
Usage: deno task start [--port N] [--no-open]

Opens the course in the browser: read a chapter, change a cell, run it. It is served on this machine alone, and works on
the files in notebooks/. Ctrl-C stops it.

  --port N    listen on this port; otherwise on 8000, or the next that is free
  --no-open   leave the browser alone
  -h, --help  show this
`;

const { values } = readArguments(usage, {
  port: { type: "string" },
  "no-open": { type: "boolean" },
});
const port = Number(values.port ?? 8000);
if (!Number.isInteger(port) || port < 0 || port > 65535 || values.port === "") {
  refuseArguments(
    `Cannot listen as the port must be an integer from 0 to 65535: current value is ${values.port}`,
    usage,
  );
}

await runTask(async (signal) => {
  const [assets, workbench] = await Promise.all([
    Assets.build(root),
    Workbench.open({ root }),
    endAbandonedKernels(),
  ]);
  await using _closing = workbench;
  const key = newSecret();
  const app = createApp(workbench, assets, key);
  try {
    const server = listen((request) => app.fetch(request), {
      port,
      orNext: values.port === undefined,
      signal,
    });
    const address = `${server.url}?key=${key}`;
    console.log(`Fewer Bytes is at ${address}  (Ctrl-C stops it)`);
    if (!values["no-open"]) openBrowser(address);
    await server.finished;
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    console.error(
      `Cannot listen as port ${port} is taken: choose another with --port, or leave it out`,
    );
    return false;
  }
});
