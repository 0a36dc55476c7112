import { fileURLToPath } from "node:url";
import config from "../../../deno.json" with { type: "json" };

/** A copy of the course at work, as `deno task start` starts it. */
export interface StartedCopy extends Started, AsyncDisposable {
  readonly root: string;
}

const source = fileURLToPath(new URL("../../../", import.meta.url));
/** What a clone has that the workbench and its notebooks need. */
const parts = [
  "deno.json",
  "deno.lock",
  "data",
  "kit",
  "lib",
  "slides/theme.css",
  "tests/exercises",
];

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Copies the course with untouched notebooks into a temporary folder. */
async function copyCourse(): Promise<string> {
  const root = await Deno.realPath(await Deno.makeTempDir({ prefix: "course-" }));
  for (const part of parts) {
    const folder = `${root}/${part}`.replace(/\/[^/]*$/, "");
    await Deno.mkdir(folder, { recursive: true });
    await run("cp", "-r", `${source}${part}`, folder);
  }
  await run("cp", "-r", `${source}data/chapters`, `${root}/notebooks`);
  return root;
}

/** A workbench that runs. */
export interface Started {
  /** The address that the terminal shows, with its key. */
  readonly address: string;
  readonly pid: number;
  /** Ends it, and waits until it has ended. */
  kill(signal?: Deno.Signal): Promise<void>;
}

/** Starts the workbench in the folder of a course, on any free port. */
export async function startIn(root: string): Promise<Started> {
  const [, ...args] = config.tasks.start.split(" && ").at(-1)!.split(" ");
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args, "--no-open", "--port", "0"],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let said = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let address: string | undefined;
  while (address === undefined) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Cannot start the workbench: ${said}`);
    said += value;
    address = said.match(/http:\S+key=\S+/)?.[0];
  }
  return {
    address,
    pid: child.pid,
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      await Promise.all([reader.cancel(), child.status]);
    },
  };
}

/** Starts the workbench on a copy of its own. */
export async function startCopy(): Promise<StartedCopy> {
  const root = await copyCourse();
  const started = await startIn(root);
  return {
    ...started,
    root,
    async [Symbol.asyncDispose]() {
      await started.kill("SIGTERM");
      await Deno.remove(root, { recursive: true });
    },
  };
}
