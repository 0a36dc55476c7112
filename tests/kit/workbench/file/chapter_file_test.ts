import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { storedOutput } from "../../../../kit/kernel/stored_output.ts";
import {
  type CodeCell,
  type Notebook,
  parseNotebook,
  serializeNotebook,
  text,
  writeAtomically,
} from "../../../../kit/notebook/mod.ts";
import { Backups } from "../../../../kit/workbench/file/backups.ts";
import {
  ChapterFile,
  type ChapterFileOptions,
} from "../../../../kit/workbench/file/chapter_file.ts";
import type { ConflictView } from "../../../../kit/workbench/protocol.ts";
import { mayRun, notebookOf, Project } from "../../check/project.ts";

const chapter = notebookOf({ markdown: "# A chapter" }, "one", "two");
const [, one, two] = chapter.cells.map(({ id }) => id) as [string, string, string];

/** A notebook in a folder of its own, and the chapter that is open on it. */
class Desk implements AsyncDisposable {
  readonly told: (ConflictView | undefined)[] = [];
  readonly errors: string[] = [];
  file!: ChapterFile;

  private constructor(readonly project: Project, readonly path: string) {}

  static async create(
    content: string | Notebook = chapter,
    options: Partial<ChapterFileOptions> = {},
  ): Promise<Desk> {
    const project = await Project.create({ "notebooks/01_a.ipynb": content });
    const desk = new Desk(project, `${project.root}/notebooks/01_a.ipynb`);
    desk.file = await ChapterFile.open({
      path: desk.path,
      // What the system tells, and when, is not what these tests are about.
      watch: false,
      onConflict: (conflict) => desk.told.push(conflict),
      onError: ({ message }) => desk.errors.push(message),
      ...options,
    });
    return desk;
  }

  /** What the file holds. */
  read(): Promise<string> {
    return Deno.readTextFile(this.path);
  }

  /** Another program writes the file. */
  async foreign(content: string | Notebook): Promise<void> {
    const written = typeof content === "string" ? content : serializeNotebook(content);
    await Deno.writeTextFile(this.path, written);
    await this.file.checkDisk();
  }

  /** All backups, the newest first. */
  async backups(): Promise<string[]> {
    const { backups } = this.file;
    return await Promise.all((await backups.list()).map((name) => backups.read(name)));
  }

  async type(id: string, source: string): Promise<void> {
    this.file.setSource(id, source);
    await this.file.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file[Symbol.asyncDispose]();
    await this.project[Symbol.asyncDispose]();
  }
}

/** The chapter with other code in its cells. */
const with_ = (first: string, second = "two") => {
  const cells = notebookOf({ markdown: "# A chapter" }, first, second).cells;
  return serializeNotebook({ ...chapter, cells });
};
const original = serializeNotebook(chapter);

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !mayRun, fn });
}

test("a chapter that is opened and closed stays byte for byte, and has no backup", async () => {
  for (const content of [original, JSON.stringify(chapter), "no notebook", ""]) {
    await using desk = await Desk.create(content);
    await desk.file[Symbol.asyncDispose]();
    assertEquals([await desk.read(), await desk.backups()], [content, []]);
  }
});

test("a change is in the file when saved() says so, and nothing else in the file has changed", async () => {
  const outputs = [{ output_type: "stream" as const, name: "stdout" as const, text: ["1\n"] }];
  const cells = chapter.cells.map((cell, index) =>
    index === 1 ? { ...cell, outputs, metadata: { z: 1, tags: ["x"] } } : cell
  );
  const before = serializeNotebook({ extra: 1, ...chapter, cells } as Notebook).split("\n");
  await using desk = await Desk.create(before.join("\n"));
  desk.file.setSource(two, "two\nand more");
  await desk.file.saved();
  const after = (await desk.read()).split("\n");
  const at = before.findIndex((line) => line.includes('"two"'));
  assertEquals(after, before.toSpliced(at, 1, '    "two\\n",', '    "and more"'));
});

test("setSource() and setOutputs() refuse cells that are not there or hold no code", async () => {
  await using desk = await Desk.create();
  const prose = chapter.cells[0]!.id;
  for (
    const change of [
      (id: string) => desk.file.setSource(id, ""),
      (id: string) => desk.file.setOutputs(id, [], 1),
    ]
  ) {
    assertThrows(() => change("none"), RangeError, "must be in 01_a.ipynb: current value is none");
    assertThrows(() => change(prose), TypeError, "must hold code: current value is markdown");
  }
});

test("setOutputs() stores what a cell shows as the kernel's notebooks do", async () => {
  await using desk = await Desk.create();
  const output = {
    output_type: "execute_result" as const,
    metadata: {},
    execution_count: null,
    data: { "text/plain": "a\nb", "image/png": "AAAA" },
  };
  desk.file.setOutputs(one, [output], 7);
  await desk.file.flush();
  const cell = parseNotebook(await desk.read(), "01_a").cells[1] as CodeCell;
  assertEquals([cell.execution_count, cell.outputs], [7, [storedOutput(output, 7)]]);
});

test("what changes nothing is no change", async () => {
  let writes = 0;
  const write: typeof writeAtomically = (...args) => {
    writes++;
    return writeAtomically(...args);
  };
  await using desk = await Desk.create(chapter, { write });
  const { book } = desk.file;
  desk.file.setSource(one, "one");
  assert(desk.file.book === book);
  desk.file.setSource(one, "on");
  desk.file.setSource(one, "one");
  await desk.file.flush();
  assertEquals([writes, await desk.backups()], [0, []]);
  desk.file.setOutputs(one, [], 3);
  const shown = desk.file.book;
  desk.file.setOutputs(one, [], 3);
  assert(desk.file.book === shown);
  await desk.file.flush();
  assertEquals([writes, await desk.backups()], [1, [original]]);
});

test("what was there is backed up before the first write, and only then", async () => {
  await using desk = await Desk.create();
  for (const source of ["1", "12", "123"]) await desk.type(one, source);
  assertEquals([await desk.backups(), await desk.read()], [[original], with_("123")]);
});

test("a file that is no notebook is opened, says why, and is kept when it is replaced", async () => {
  const broken = `<<<<<<< HEAD\n${original}`;
  await using desk = await Desk.create(broken);
  assert(desk.file.unreadable.startsWith("Cannot read notebook 01_a.ipynb: it is not JSON"));
  assertEquals(desk.file.book.cells, []);
  desk.file.replace(chapter);
  assertEquals(desk.file.unreadable, "");
  await desk.file.flush();
  assertEquals([await desk.read(), await desk.backups()], [original, [broken]]);
});

test("a chapter whose file is not there is opened, and replace() makes the file", async () => {
  await using project = await Project.create();
  const path = `${project.root}/01_a.ipynb`;
  await using file = await ChapterFile.open({ path, watch: false });
  assert(file.unreadable.endsWith("the file is gone"));
  assertEquals(await file.backUp(), undefined);
  file.replace(chapter);
  await file.flush();
  assertEquals(await project.read("01_a.ipynb"), original);
});

test("replace() has what it replaces backed up, once, also when backUp() was asked for before", async () => {
  await using desk = await Desk.create();
  await desk.type(one, "mine");
  const name = await desk.file.backUp();
  desk.file.replace(chapter);
  await desk.file.flush();
  assertEquals(await desk.backups(), [with_("mine"), original]);
  assertEquals(await desk.file.backups.read(name!), with_("mine"));
  desk.file.setSource(one, "never saved");
  desk.file.replace(chapter);
  await desk.file.flush();
  assertEquals((await desk.backups())[0], with_("never saved"));
});

test("a write that fails is told once, what was typed stays, and the next change brings it to disk", async () => {
  let full = true;
  const write: typeof writeAtomically = (...args) =>
    full ? Promise.reject(new Error("No space left on device")) : writeAtomically(...args);
  await using desk = await Desk.create(chapter, { write });
  desk.file.setSource(one, "1");
  const saved = desk.file.saved();
  await assertRejects(() => desk.file.flush(), Error, "No space left");
  await assertRejects(() => desk.type(one, "12"), Error, "No space left");
  await assertRejects(async () => await desk.file[Symbol.asyncDispose](), Error, "No space left");
  assertEquals(desk.errors, ["No space left on device"]);
  assertEquals([text(desk.file.book.cells[1]!.source), await desk.read()], ["12", original]);
  full = false;
  desk.file.setSource(two, "2");
  await saved;
  assertEquals(await desk.read(), with_("12", "2"));
});

test("a change by another program opens a conflict: nothing is written to the file, our version is kept", async () => {
  await using desk = await Desk.create();
  await desk.type(one, "mine");
  await desk.foreign(with_("one", "theirs"));
  assertEquals(desk.file.conflict, { cells: [2, 3], unreadable: "" });
  assertEquals(desk.told, [desk.file.conflict]);
  assertEquals(await desk.backups(), [with_("mine"), original]);
  for (const source of ["mine!", "mine!!"]) await desk.type(one, source);
  assertEquals(await desk.read(), with_("one", "theirs"));
  assertEquals(await desk.backups(), [with_("mine!!"), original]);
  assertEquals(desk.told.length, 1);
});

test("a change by another program is noticed before a write", async () => {
  await using desk = await Desk.create();
  await Deno.writeTextFile(desk.path, with_("theirs"));
  await desk.type(one, "mine");
  assertEquals([desk.told.length, await desk.read()], [1, with_("theirs")]);
  assertEquals((await desk.backups())[0], with_("mine"));
});

test("a change by another program in the last moment of a write is noticed", async () => {
  let path = "";
  const write: typeof writeAtomically = async (...args) => {
    if (path !== "") await Deno.writeTextFile(path, with_("theirs"));
    path = "";
    return await writeAtomically(...args);
  };
  await using desk = await Desk.create(chapter, { write });
  path = desk.path;
  await desk.type(one, "mine");
  assertEquals([desk.file.conflict?.cells, await desk.read()], [[2], with_("theirs")]);
  path = desk.path;
  await Deno.writeTextFile(desk.path, with_("theirs again"));
  await desk.file.resolve("mine");
  assertEquals([desk.file.conflict, await desk.read()], [undefined, with_("mine")]);
  const kept = await desk.backups();
  assert(kept.includes(with_("theirs")) && kept.includes(with_("theirs again")));
});

test('resolve("mine") backs up the file, and writes ours', async () => {
  await using desk = await Desk.create();
  await desk.type(one, "mine");
  await desk.foreign(with_("theirs"));
  await desk.file.resolve("mine");
  assertEquals([desk.file.conflict, desk.told.at(-1)], [undefined, undefined]);
  assertEquals(await desk.read(), with_("mine"));
  assert((await desk.backups()).includes(with_("theirs")));
  await desk.type(one, "mine again");
  assertEquals(await desk.read(), with_("mine again"));
});

test('resolve("file") backs up ours, and takes the file', async () => {
  await using desk = await Desk.create();
  await desk.type(one, "mine");
  await desk.foreign(with_("theirs"));
  desk.file.setSource(one, "mine, not saved");
  await desk.file.resolve("file");
  assertEquals([desk.file.conflict, desk.told.at(-1)], [undefined, undefined]);
  assertEquals(serializeNotebook(desk.file.book), with_("theirs"));
  assert((await desk.backups()).includes(with_("mine, not saved")));
  await desk.type(one, "further");
  assertEquals(await desk.read(), with_("further"));
  await desk.foreign(with_("theirs again"));
  await desk.type(one, "further still");
  const kept = await desk.backups();
  for (const source of ["mine, not saved", "theirs", "further still"]) {
    assert(kept.includes(with_(source)), source);
  }
});

test('resolve("file") backs up what is typed meanwhile', async () => {
  let type = () => {};
  class SlowBackups extends Backups {
    override async update(name: string, content: string | Uint8Array): Promise<void> {
      await super.update(name, content);
      type();
    }
  }
  await using project = await Project.create({ "01_a.ipynb": chapter });
  const path = `${project.root}/01_a.ipynb`;
  const backups = new SlowBackups(`${project.root}/.backups`, "01_a");
  await using file = await ChapterFile.open({ path, backups, watch: false });
  await project.write("01_a.ipynb", with_("theirs"));
  await file.checkDisk();
  file.setSource(one, "mine");
  type = () => {
    type = () => {};
    file.setSource(one, "typed meanwhile");
  };
  await file.resolve("file");
  const kept = await Promise.all((await backups.list()).map((name) => backups.read(name)));
  assert(kept.includes(with_("typed meanwhile")));
  assertEquals(serializeNotebook(file.book), with_("theirs"));
});

test("resolve() does nothing when there is nothing to settle", async () => {
  await using desk = await Desk.create();
  await desk.file.resolve("file");
  await desk.type(one, "mine");
  await desk.file.resolve("mine");
  assertEquals([desk.told, await desk.read()], [[], with_("mine")]);
});

test("a touch, our own write, our content and another format of it are no conflict", async () => {
  await using desk = await Desk.create();
  await desk.type(one, "mine");
  await desk.file.checkDisk();
  await desk.foreign(with_("mine"));
  await desk.foreign(JSON.stringify(JSON.parse(with_("mine"))));
  desk.file.setSource(one, "both");
  await desk.foreign(with_("both"));
  await desk.file.flush();
  assertEquals([desk.told, await desk.read()], [[], with_("both")]);
});

test("a conflict is over when the file is as before, and what was typed meanwhile goes there", async () => {
  await using desk = await Desk.create();
  await desk.foreign(with_("theirs"));
  await desk.type(one, "mine");
  await desk.foreign(original);
  assertEquals([desk.told.length, desk.told.at(-1)], [2, undefined]);
  await desk.file.saved();
  assertEquals(await desk.read(), with_("mine"));
});

test("a file that is gone is a conflict, and comes back with ours", async () => {
  await using desk = await Desk.create();
  await Deno.remove(desk.path);
  await desk.file.checkDisk();
  assertEquals(desk.file.conflict?.cells, []);
  assert(desk.file.conflict?.unreadable.endsWith("the file is gone"));
  await assertRejects(() => desk.file.resolve("file"), RangeError, "must be a notebook");
  await desk.file.resolve("mine");
  assertEquals(await desk.read(), original);
});

test("a file that cannot be read any more is a conflict, and is backed up when ours is written", async () => {
  await using desk = await Desk.create();
  await desk.foreign("<<<<<<< HEAD");
  assert(desk.file.conflict?.unreadable.includes("it is not JSON"));
  await assertRejects(() => desk.file.resolve("file"), RangeError, "must be a notebook");
  await desk.file.resolve("mine");
  assertEquals(await desk.read(), original);
  assert((await desk.backups()).includes("<<<<<<< HEAD"));
});

test("outputs or metadata that differ are a conflict without cells", async () => {
  await using desk = await Desk.create();
  await desk.foreign({ ...chapter, metadata: { ...chapter.metadata, x: 1 } });
  assertEquals(desk.file.conflict, { cells: [], unreadable: "" });
});

test("a file that could not be read is taken as another program leaves it, if that is asked for", async () => {
  await using desk = await Desk.create("broken");
  await desk.foreign(chapter);
  await desk.file.resolve("file");
  assertEquals([desk.file.unreadable, serializeNotebook(desk.file.book)], ["", original]);
  assert((await desk.backups()).includes("broken"));
});

test("opening removes what a kill left long ago, beside the file and among the backups", async () => {
  await using desk = await Desk.create();
  await desk.type(one, "mine");
  const [name] = await desk.file.backups.list();
  const folder = `${desk.project.root}/notebooks`;
  const left = [`${folder}/01_a.ipynb`, `${folder}/.backups/01_a/${name}`].map((path) =>
    `${path}.${crypto.randomUUID()}.tmp`
  );
  for (const path of left) {
    await Deno.writeTextFile(path, "{");
    await Deno.utime(path, 0, 0);
  }
  await using _again = await ChapterFile.open({ path: desk.path, watch: false });
  for (const path of left) await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
});

test("a chapter behind a link is written where it lies", async () => {
  await using project = await Project.create({ "real/x.ipynb": chapter, "notebooks/a": "" });
  const link = `${project.root}/notebooks/01_a.ipynb`;
  await Deno.symlink(`${project.root}/real/x.ipynb`, link);
  await using file = await ChapterFile.open({ path: link, watch: false });
  file.setSource(one, "mine");
  await file.flush();
  assertEquals([await project.read("real/x.ipynb"), (await Deno.lstat(link)).isSymlink], [
    with_("mine"),
    true,
  ]);
});

test("a closed chapter is saved, and takes no more changes", async () => {
  await using desk = await Desk.create();
  desk.file.setSource(one, "mine");
  await desk.file[Symbol.asyncDispose]();
  assertEquals(await desk.read(), with_("mine"));
  const closed = "must be open: current value is closed";
  assertThrows(() => desk.file.setSource(one, "more"), Error, closed);
  assertThrows(() => desk.file.replace(chapter), Error, closed);
});

test("a chapter hears from the system when another program writes, replaces or removes the file", async () => {
  for (const act of ["write", "replace", "remove"] as const) {
    const heard = Promise.withResolvers<ConflictView | undefined>();
    await using desk = await Desk.create(chapter, { watch: true, onConflict: heard.resolve });
    if (act === "write") await Deno.writeTextFile(desk.path, with_("theirs"));
    if (act === "replace") await writeAtomically(desk.path, with_("theirs"));
    if (act === "remove") await Deno.remove(desk.path);
    const conflict = await heard.promise;
    assertEquals(conflict?.unreadable !== "", act === "remove");
  }
});
