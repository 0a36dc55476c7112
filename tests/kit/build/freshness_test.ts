import { assertEquals } from "@std/assert";
import { describeSources, readRecord, staleness, withRecord } from "../../../kit/build/mod.ts";
import { readNotebooks } from "../../../kit/check/mod.ts";
import { type Notebook, parseNotebook } from "../../../kit/notebook/mod.ts";
import { mayRun, notebookOf, Project } from "../check/project.ts";

const ignore = !mayRun;
const path = "notebooks/a.ipynb";
const cells = [
  { markdown: "# Title" },
  `import { double } from "#lib/double.ts";\ndouble(2);`,
  `import type { Only } from "#lib/only_types.ts";\nconst data = await import("../data/facts.json", { with: { type: "json" } });`,
  `const more = 1;\nmore;`,
];
const files = {
  "lib/double.ts":
    `import { factor } from "./factor.ts";\nexport const double = (x: number) => factor * x;\n`,
  "lib/factor.ts": `export const factor = 2;\n`,
  "lib/only_types.ts": `export type Only = number;\n`,
  "data/facts.json": `{ "a": 1 }\n`,
};

/** Marks all cells as run, as Jupyter would. */
function run(book: Notebook): Notebook {
  return {
    ...book,
    cells: book.cells.map((cell, index) =>
      cell.cell_type === "code" ? { ...cell, execution_count: index } : cell
    ),
  };
}

async function reasons(project: Project): Promise<string[]> {
  const { notebooks } = await readNotebooks([path], project.root);
  const [record] = await describeSources(notebooks, project.root);
  return staleness(notebooks[0]!.book, record!);
}

/** A project whose notebook was just built. */
async function builtProject(): Promise<Project> {
  const project = await Project.create({ ...files, [path]: run(notebookOf(...cells)) });
  const { notebooks } = await readNotebooks([path], project.root);
  const [record] = await describeSources(notebooks, project.root);
  await project.write(path, withRecord(notebooks[0]!.book, record!));
  return project;
}

/** Changes the notebook on disk. */
async function edit(project: Project, change: (book: Notebook) => Notebook): Promise<void> {
  await project.write(path, change(parseNotebook(await project.read(path), path)));
}

function withSource(book: Notebook, number: number, source: string): Notebook {
  return {
    ...book,
    cells: book.cells.map((cell, index) => index === number - 1 ? { ...cell, source } : cell),
  };
}

Deno.test({
  name:
    "staleness() finds nothing when prose, outputs, ids, tags or types have changed, or a file that is not imported",
  ignore,
  async fn() {
    await using project = await builtProject();
    assertEquals(await reasons(project), []);
    await project.write("lib/only_types.ts", "export type Only = string;\n");
    await project.write("lib/other.ts", "export {};\n");
    await edit(project, (book) => ({
      ...withSource(book, 1, "# Another title"),
      cells: withSource(book, 1, "# Another title").cells.map((cell, index) => ({
        ...cell,
        id: `renamed-${index}`,
        ...cell.cell_type === "code" && {
          execution_count: 99,
          outputs: [{ output_type: "stream", name: "stdout", text: "new" }],
          metadata: { tags: ["volatile"] },
        },
      })),
    } as Notebook));
    assertEquals(await reasons(project), []);
  },
});

Deno.test({
  name:
    "staleness() names the cell, the module and the data file that changed, modules of modules included",
  ignore,
  async fn() {
    await using project = await builtProject();
    await project.write("lib/factor.ts", "export const factor = 3;\n");
    await project.write("data/facts.json", `{ "a": 2 }\n`);
    await edit(project, (book) => withSource(book, 4, "const more = 2;\nmore;"));
    assertEquals(await reasons(project), [
      "cell 4 changed",
      "data/facts.json changed",
      "lib/factor.ts changed",
    ]);
  },
});

Deno.test({
  name: "staleness() says that a module has gone, or that code cells have come",
  ignore,
  async fn() {
    await using project = await builtProject();
    await Deno.remove(`${project.root}/data/facts.json`);
    assertEquals(await reasons(project), ["data/facts.json is missing"]);
    await edit(
      project,
      (book) => ({
        ...book,
        cells: [...book.cells, ...run(notebookOf("1;", "2;")).cells.slice(1)],
      }),
    );
    assertEquals(await reasons(project), [
      "it has 4 code cells where it had 3, from cell 5 on",
      "data/facts.json is missing",
    ]);
  },
});

Deno.test({
  name: "staleness() says that the import map leads elsewhere",
  ignore,
  async fn() {
    await using project = await builtProject();
    await project.write("other/double.ts", "export const double = (x: number) => 2 * x;\n");
    const config = JSON.parse(await project.read("deno.json"));
    await project.write(
      "deno.json",
      JSON.stringify({ ...config, imports: { "#lib/": "./other/" } }),
    );
    assertEquals(await reasons(project), [
      "other/double.ts is imported now",
      "lib/double.ts is imported no longer",
      "lib/factor.ts is imported no longer",
    ]);
  },
});

Deno.test({
  name: "describeSources() gives the same record for the same sources, with sorted keys",
  ignore,
  async fn() {
    await using project = await builtProject();
    const { notebooks } = await readNotebooks([path], project.root);
    const [record] = await describeSources(notebooks, project.root);
    assertEquals(JSON.stringify(record), JSON.stringify(readRecord(notebooks[0]!.book)));
    assertEquals(Object.keys(record!.modules), [
      "data/facts.json",
      "lib/double.ts",
      "lib/factor.ts",
    ]);
    assertEquals(record!.cells.length, 3);
  },
});

const record = { cells: ["1", "2"], deno: "2.9.6", lockfile: "3", modules: {} };
const book = run(notebookOf("a;", "b;"));

Deno.test("staleness() tells a notebook that was never run from one that was run elsewhere", () => {
  assertEquals(staleness(notebookOf("a;", "b;"), record), ["never run"]);
  assertEquals(staleness(book, record), ["its outputs were not made by deno task build"]);
  assertEquals(staleness(withRecord(book, record), record), []);
});

Deno.test("staleness() names another version of Deno, a changed lockfile, and a cell without output", () => {
  const built = withRecord(book, { ...record, deno: "2.9.5", lockfile: "4" });
  assertEquals(staleness(built, record), [
    "built with Deno 2.9.5, this is 2.9.6",
    "the lockfile changed",
  ]);
  const cleared = { ...notebookOf("a;", "b;"), metadata: withRecord(book, record).metadata };
  assertEquals(staleness(cleared, record), ["it has no outputs recorded"]);
  const half = { ...cleared, cells: [book.cells[0]!, cleared.cells[1]!] };
  assertEquals(staleness(half, record), ["cell 2 has no output recorded"]);
});

Deno.test("staleness() takes a record that it cannot read for none", () => {
  const odd = { ...book, metadata: { ...book.metadata, fewer_bytes: { built: { cells: 1 } } } };
  assertEquals(staleness(odd, record), ["its outputs were not made by deno task build"]);
});

Deno.test("withRecord() keeps other metadata, and sorts keys as Jupyter does", () => {
  const other = { ...book, metadata: { z: 1, fewer_bytes: { other: 2 }, a: 3 } };
  const after = withRecord(other, record);
  assertEquals(Object.keys(after.metadata), ["a", "fewer_bytes", "z"]);
  assertEquals(after.metadata["fewer_bytes"], { other: 2, built: record });
});
