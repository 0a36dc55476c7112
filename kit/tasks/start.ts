/** `deno task start`: builds what is stale, and shows the course in the browser. */
import "./require_deno.ts";

const { buildCourse, consoleProgress, describeBuild, findNotebooks } = await import(
  "../build/mod.ts"
);
const { createSite, listen, openBrowser } = await import("../serve/mod.ts");
const { readArguments, refuseArguments, root, runTask } = await import("./task.ts");

const usage = `
Usage: deno task start [--port N] [--no-build] [--no-open]

Builds what is stale, serves the pages and decks on this machine alone, and opens the browser. Ctrl-C stops it.

  --port N    listen on this port; otherwise on 8000, or the next that is free
  --no-build  serve what is there
  --no-open   leave the browser alone
  -h, --help  show this
`;

const { values } = readArguments(usage, {
  port: { type: "string" },
  "no-build": { type: "boolean" },
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
  if (!values["no-build"]) {
    const notebooks = await findNotebooks(root);
    console.log(
      describeBuild(await buildCourse({ root, notebooks, progress: consoleProgress(), signal }))
        .text,
    );
  }
  try {
    const site = createSite(root);
    const server = listen((request) => site.fetch(request), {
      port,
      orNext: values.port === undefined,
      signal,
    });
    console.log(`Fewer Bytes is at ${server.url}  (Ctrl-C stops it)`);
    if (!values["no-open"]) openBrowser(server.url);
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
