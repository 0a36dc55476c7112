import { assert } from "@std/assert";
import fc from "fast-check";
import { serializeNotebook, writeAtomically } from "../../../../kit/notebook/mod.ts";
import { Backups } from "../../../../kit/workbench/file/backups.ts";
import { ChapterFile } from "../../../../kit/workbench/file/chapter_file.ts";
import { withTemporaryFolder } from "../../../../kit/cells/temporary_folder.ts";
import { mayRun, notebookOf } from "../../check/project.ts";

const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant("edit") },
  { weight: 2, arbitrary: fc.constant("save") },
  { weight: 1, arbitrary: fc.constant("replace") },
  { weight: 1, arbitrary: fc.constant("reopen") },
  { weight: 2, arbitrary: fc.constantFrom("theirs", "their old one", "broken", "gone") },
  { weight: 1, arbitrary: fc.constant("check") },
  { weight: 2, arbitrary: fc.constantFrom("mine", "file") },
);

/** Does steps on one notebook, and looks after each whether a version is lost. */
async function work(steps: readonly string[], folder: string): Promise<void> {
  const path = `${folder}/01_a.ipynb`;
  const backups = Backups.beside(path, { keep: 1000 });
  // Waiting for the disk is left out: it would be most of the time.
  const write: typeof writeAtomically = (path, content, { onlyIf } = {}) =>
    writeAtomically(path, content, onlyIf ? { onlyIf } : {});
  const open = () => ChapterFile.open({ path, backups, watch: false, write });
  const bookWith = (source: string) => notebookOf(source, "the same");
  const onDisk = () => Deno.readTextFile(path).catch(() => undefined);

  let count = 0;
  const first = serializeNotebook(bookWith("the first"));
  await Deno.writeTextFile(path, first);
  let file = await open();
  /** What must not be lost, and what the learner was last told is saved. */
  const precious = new Set([first]);
  let acknowledged = first;
  const save = async () => {
    await file.flush();
    if (file.unreadable === "") acknowledged = serializeNotebook(file.book);
  };
  const others: string[] = [];

  for (const [index, step] of steps.entries()) {
    // What our steps are about to work on; an unsaved edit counts as soon as something else takes its place.
    const mine = file.unreadable === "" ? serializeNotebook(file.book) : undefined;
    const before = await onDisk();
    const foreign = before !== undefined && (others.includes(before) || precious.has(before));
    switch (step) {
      case "edit":
      case "save":
        if (file.unreadable === "") file.setSource("cell-1", `mine ${++count}`);
        if (step === "save") await save();
        break;
      case "replace":
        if (mine !== undefined) precious.add(mine);
        file.replace(bookWith(`reset ${++count}`));
        await save();
        break;
      case "reopen":
        await save();
        precious.add(acknowledged);
        await file[Symbol.asyncDispose]();
        file = await open();
        break;
      case "check":
        await file.checkDisk();
        break;
      case "mine":
        await file.resolve("mine");
        break;
      case "file":
        await file.checkDisk();
        if (!file.conflict || file.conflict.unreadable !== "") break;
        if (mine !== undefined) precious.add(mine);
        await file.resolve("file");
        break;
      case "gone":
        if (before !== undefined) await Deno.remove(path);
        break;
      default: {
        const content = step === "broken"
          ? `broken ${++count}`
          : step === "theirs"
          ? serializeNotebook(bookWith(`theirs ${++count}`))
          : others[count % others.length] ?? first;
        others.push(content);
        await Deno.writeTextFile(path, content);
      }
    }
    const now = await onDisk();
    const ours = !["theirs", "their old one", "broken", "gone"].includes(step);
    // Another program's file that we wrote over.
    if (ours && foreign && before !== now) precious.add(before);
    // Until we have looked, only memory has what another program wrote over.
    if (!ours || step === "edit") continue;
    const kept = await Promise.all((await backups.list()).map((name) => backups.read(name)));
    for (const version of [...precious, ...(step === "save" ? [acknowledged] : [])]) {
      const safe = version === now || kept.includes(version);
      assert(safe, `after ${steps.slice(0, index + 1).join(", ")}: lost ${version}`);
    }
  }
  await file[Symbol.asyncDispose]();
}

Deno.test({
  name:
    "whatever is edited, saved, reset, reopened and changed by other programs: each version is in the file or in a backup",
  ignore: !mayRun,
  async fn() {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 14 }),
        (steps) => withTemporaryFolder((folder) => work(steps, folder)),
      ),
      { numRuns: 60 },
    );
  },
});
