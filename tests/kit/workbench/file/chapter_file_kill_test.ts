/** Kills a program that edits and saves a chapter, at 200 moments, and looks at what it leaves. */
import { assert, assertEquals } from "@std/assert";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Random, seeded } from "../../../../lib/numeric/mod.ts";
import { runDeno } from "../../../../kit/cells/run_deno.ts";
import {
  type CodeCell,
  type Notebook,
  parseNotebook,
  serializeNotebook,
} from "../../../../kit/notebook/mod.ts";
import { ChapterFile } from "../../../../kit/workbench/file/chapter_file.ts";
import { mayRun, notebookOf, Project } from "../../check/project.ts";

const kills = 200;
const lanes = 4;

/** Large enough that a good part of the time goes into writing it: with a picture of some MB. */
function chapterAt(edit: number): Notebook {
  const { cells, ...rest } = notebookOf(String(edit), "the picture");
  const data = { "image/png": "A".repeat(3e6) };
  const picture = { output_type: "display_data" as const, data, metadata: {} };
  return { ...rest, cells: cells.with(1, { ...cells[1] as CodeCell, outputs: [picture] }) };
}

/** How many kills fell into a write. */
interface Torn {
  readonly notebook: number;
  readonly backup: number;
}

/** When programs are killed: at their start, between two writes as well, or while they write without pause. */
const moments = ["start", "resting", "writing", "writing"] as const;

/** The program as one file, which starts in half the time. */
async function bundle(project: Project): Promise<string> {
  const program = join(project.root, "program.js");
  const source = fileURLToPath(new URL("chapter_file_child.ts", import.meta.url));
  const options = ["--quiet", "--minify", `--output=${program}`];
  const { success, stderr } = await runDeno(["bundle", ...options, source]);
  assert(success, stderr);
  return program;
}

/** Temporary files beside the notebook and among its backups. */
async function leftovers(path: string): Promise<string[]> {
  const folders = [dirname(path), join(dirname(path), ".backups", basename(path, ".ipynb"))];
  const found = await Promise.all(folders.map(async (folder) => {
    const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
    return entries.filter(({ name }) => name.endsWith(".tmp")).map(({ name }) =>
      join(folder, name)
    );
  }));
  return found.flat();
}

/** Starts the program, kills it, and returns the numbers that it has printed. */
async function startAndKill(program: string, path: string, random: Random): Promise<number[]> {
  const moment = moments[random.integer(moments.length)]!;
  const awaited = moment === "start" ? 0 : 1 + random.integer(3);
  const wait = random.uniform() * (moment === "start" ? 120 : 30);
  const options = [
    "--quiet",
    "--no-config",
    "--no-lock",
    "--no-npm",
    "--allow-read",
    "--allow-write",
  ];
  const running = new Deno.Command(Deno.execPath(), {
    args: ["run", ...options, program, path, moment === "resting" ? "10" : "0"],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let printed = "";
  const lines = () => printed.split("\n").slice(0, -1).map(Number);
  const begun = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const chunk of running.stdout.pipeThrough(new TextDecoderStream())) {
      printed += chunk;
      if (lines().length >= awaited) begun.resolve();
    }
    begun.resolve();
  })();
  if (awaited > 0) await begun.promise;
  await new Promise((resolve) => setTimeout(resolve, wait));
  try {
    running.kill("SIGKILL");
  } catch {
    // It has ended already, as the next line tells.
  }
  const [{ signal }] = await Promise.all([running.status, reading]);
  assertEquals(signal, "SIGKILL", "the program has ended by itself");
  return lines();
}

/** Kills programs that work on one notebook, one after another. Returns how many were writing it, or a backup of it. */
async function lane(program: string, path: string, seed: number): Promise<Torn> {
  const random = seeded(seed);
  const [before, after] = serializeNotebook(chapterAt(0)).split('"0"');
  let acknowledged = 0;
  const torn = { notebook: 0, backup: 0 };
  for (let kill = 0; kill < kills / lanes; kill++) {
    const old = await leftovers(path);
    for (const file of old) await Deno.utime(file, 0, 0);

    const printed = await startAndKill(program, path, random);
    acknowledged = printed.at(-1) ?? acknowledged;

    const json = await Deno.readTextFile(path);
    const edit = Number(parseNotebook(json, path).cells[0]!.source);
    assert(
      edit === acknowledged || edit === acknowledged + 1,
      `kill ${kill} with seed ${seed}: ${acknowledged} was said to be saved, the file holds ${edit}`,
    );
    assert(json === `${before}"${edit}"${after}`, "nothing else has changed");

    const left = await leftovers(path);
    if (printed.length > 0) assertEquals(left.filter((file) => old.includes(file)), []);
    for (const file of left.filter((file) => !old.includes(file))) {
      torn[dirname(file) === dirname(path) ? "notebook" : "backup"]++;
    }
  }

  for (const file of await leftovers(path)) await Deno.utime(file, 0, 0);
  await using file = await ChapterFile.open({ path, watch: false });
  assertEquals(await leftovers(path), []);
  for (const name of await file.backups.list()) {
    parseNotebook(await file.backups.read(name), name);
  }
  return torn;
}

Deno.test({
  name:
    `a chapter that is killed ${kills} times is whole, holds what was said to be saved, and is tidied up`,
  ignore: !mayRun,
  async fn() {
    const paths = Array.from({ length: lanes }, (_, index) => `${index}/01_a.ipynb`);
    const chapter = serializeNotebook(chapterAt(0));
    await using project = await Project.create(
      Object.fromEntries(paths.map((path) => [path, chapter])),
    );
    const program = await bundle(project);
    // All of them, also when one fails, as the folder goes when this returns.
    const ended = await Promise.allSettled(
      paths.map((path, index) => lane(program, join(project.root, path), 20261122 + index)),
    );
    const torn = ended.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    const count = (what: keyof Torn) => torn.reduce((sum, lane) => sum + lane[what], 0);
    const [notebook, backup] = [count("notebook"), count("backup")];
    console.log(`${notebook} of ${kills} kills fell into writing the notebook, ${backup} a backup`);
    assert(notebook > 0, "no kill fell into a write");
  },
});
