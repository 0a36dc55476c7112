import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  buildCourse,
  buildNotebooks,
  describeBuild,
  findNotebooks,
  publishNotebooks,
  verifyNotebooks,
} from "../../../kit/build/mod.ts";
import { type Notebook, type Output, parseNotebook } from "../../../kit/notebook/mod.ts";
import { mayRun, notebookOf, Project } from "../check/project.ts";

const ignore = !mayRun || Deno.permissions.querySync({ name: "net" }).state !== "granted";
const a = "notebooks/01_a.ipynb";
const b = "notebooks/02_b.ipynb";

async function outputsOf(project: Project, path: string): Promise<Output[][]> {
  return parseNotebook(await project.read(path), path).cells.flatMap((cell) =>
    cell.cell_type === "code" ? [cell.outputs] : []
  );
}

async function build(project: Project, options: { force?: boolean } = {}) {
  const notebooks = await findNotebooks(project.root);
  return await buildNotebooks({ root: project.root, notebooks, ...options });
}

Deno.test({
  name: "buildNotebooks() runs what is stale, writes outputs and record, and then finds all fresh",
  ignore,
  async fn() {
    await using project = await Project.create({
      "lib/n.ts": "export const n = 20;\n",
      [a]: notebookOf({ markdown: "# A" }, `import { n } from "#lib/n.ts";\nconsole.log(n + 1);`),
      [b]: notebookOf(`console.log("b");`),
      "notebooks/Untitled.ipynb": notebookOf(`throw new Error("no chapter");`),
    });
    assertEquals(await build(project), { ran: [a, b], fresh: [], failed: [] });
    assertEquals(await outputsOf(project, a), [[{
      output_type: "stream",
      name: "stdout",
      text: ["21\n"],
    }]]);
    const before = await project.read(b);
    assertEquals(await build(project), { ran: [], fresh: [a, b], failed: [] });
    await project.write("lib/n.ts", "export const n = 30;\n");
    assertEquals(await build(project), { ran: [a], fresh: [b], failed: [] });
    assertEquals(await outputsOf(project, a), [[{
      output_type: "stream",
      name: "stdout",
      text: ["31\n"],
    }]]);
    assertEquals((await build(project, { force: true })).ran, [a, b]);
    assertEquals(await project.read(b), before);
  },
});

Deno.test({
  name:
    "buildNotebooks() leaves a notebook that fails byte for byte as it was, names the cell, and builds the others",
  ignore,
  async fn() {
    await using project = await Project.create({
      [a]: notebookOf(`console.log(1);`, `console.log(2);\nthrow new RangeError("too far");`),
      [b]: notebookOf(`console.log("b");`),
    });
    const before = await project.read(a);
    const { ran, failed } = await build(project);
    assertEquals(ran, [b]);
    assertEquals(failed.map(({ notebook }) => notebook), [a]);
    assertStringIncludes(failed[0]!.message, "notebooks/01_a.ipynb, cell 2");
    assertStringIncludes(failed[0]!.message, "RangeError: too far");
    assertEquals(await project.read(a), before);
  },
});

Deno.test({
  name:
    "buildNotebooks() reports a missing export and a cell that does not parse before anything of the notebook runs",
  ignore,
  async fn() {
    await using project = await Project.create({
      "lib/n.ts": "export const n = 20;\n",
      [a]: notebookOf(`Deno.writeTextFileSync("ran", "");`, `import { m } from "#lib/n.ts";\nm;`),
      [b]: notebookOf(`Deno.writeTextFileSync("ran", "");`, `const = 1;`),
    });
    const { ran, failed } = await build(project);
    assertEquals(ran, []);
    assertMatch(failed[0]!.message, /01_a\.ipynb, cell 2, line 1: TS2305: .*'m'/);
    assertMatch(failed[1]!.message, /02_b\.ipynb, cell 2, line 1: syntax: /);
    assertEquals(
      [...Deno.readDirSync(`${project.root}/notebooks`)].map(({ name }) => name).sort(),
      [
        "01_a.ipynb",
        "02_b.ipynb",
      ],
    );
  },
});

Deno.test({
  name:
    "buildNotebooks() goes on after a cell tagged raises-exception that throws or has wrong types",
  ignore,
  async fn() {
    await using project = await Project.create({
      [a]: notebookOf(
        {
          code: `const answer: number = "not yet";\nthrow new Error("wrong answer");`,
          tags: ["raises-exception"],
        },
        `console.log("after");`,
      ),
    });
    assertEquals(await build(project), { ran: [a], fresh: [], failed: [] });
    const [wrong, after] = await outputsOf(project, a);
    assertEquals(wrong?.map(({ output_type }) => output_type), ["error"]);
    assertEquals(after, [{ output_type: "stream", name: "stdout", text: ["after\n"] }]);
  },
});

Deno.test({
  name: "buildNotebooks() does not overwrite a notebook that is edited while it runs",
  ignore,
  async fn() {
    await using project = await Project.create();
    // The cell itself plays the editor: it saves a new text of its own notebook.
    const edited = JSON.stringify(notebookOf("edited;"));
    await project.write(
      a,
      notebookOf(`Deno.writeTextFileSync("01_a.ipynb", ${JSON.stringify(edited)});`),
    );
    const { failed } = await build(project);
    assertStringIncludes(failed[0]!.message, "edited while it ran");
    assertEquals(await project.read(a), edited);
  },
});

Deno.test({
  name:
    "verifyNotebooks() finds a stored output that a new run does not give, but not in a volatile cell; writes nothing",
  ignore,
  async fn() {
    await using project = await Project.create({
      [a]: notebookOf(`console.log("true");`, {
        code: `console.log(Math.random());`,
        tags: ["volatile"],
      }),
      [b]: notebookOf(`console.log("b");`),
    });
    await build(project);
    const options = { root: project.root, notebooks: [a, b] };
    await publishNotebooks(project.root, [a, b]);
    assertEquals(await verifyNotebooks(options), []);
    const forged = (await project.read(a)).replace(`"true\\n"`, `"forged\\n"`);
    await project.write(a, forged);
    const [unpublished, message, ...others] = await verifyNotebooks(options);
    assertEquals(others, []);
    assertStringIncludes(
      unpublished!,
      "notebooks/01_a.ipynb is not what data/chapters/01_a.ipynb holds",
    );
    assertStringIncludes(message!, "notebooks/01_a.ipynb, cell 1: the stored output differs");
    assertStringIncludes(message!, "stored: forged\n    run:    true");
    assertEquals(await project.read(a), forged);
  },
});

Deno.test({
  name:
    "buildCourse() makes pages, index and decks that link to each other, and rewrites only what changed",
  ignore,
  async fn() {
    const chapter = (title: string): Notebook =>
      notebookOf({ markdown: `# ${title}` }, { markdown: "It begins." }, `1;`);
    await using project = await Project.create({ [a]: chapter("First"), [b]: chapter("Second") });
    const options = { root: project.root, notebooks: [a, b] };
    const first = await buildCourse(options);
    assertEquals(first.rendered.files, [
      "build/index.html",
      "build/01_a.html",
      "slides/01_a.html",
      "build/02_b.html",
      "slides/02_b.html",
    ]);
    assertEquals(first.rendered.written, first.rendered.files);
    assertEquals(describeBuild(first).well, true);
    assertStringIncludes(await project.read("build/01_a.html"), `href="../slides/01_a.html"`);
    const second = await buildCourse(options);
    assertEquals([second.built.ran, second.rendered.written], [[], []]);
    await project.write(b, notebookOf(`1;`));
    const { text, well } = describeBuild(await buildCourse(options));
    assertEquals(well, false);
    assertStringIncludes(text, `notebooks/02_b.ipynb: Cannot describe chapter 02_b`);
  },
});

Deno.test({
  name: "findNotebooks() finds chapters by path, name and beginning, and refuses what fits none",
  ignore,
  async fn() {
    await using project = await Project.create({
      [a]: notebookOf(),
      [b]: notebookOf(),
      "notebooks/x.ipynb": notebookOf(),
    });
    assertEquals(await findNotebooks(project.root), [a, b]);
    assertEquals(await findNotebooks(project.root, ["02", "01_a"]), [a, b]);
    assertEquals(await findNotebooks(project.root, [b]), [b]);
    const refusal = await findNotebooks(project.root, ["03"]).catch((error) => error);
    assertEquals(refusal instanceof RangeError, true);
    await using empty = await Project.create();
    assertEquals(await findNotebooks(empty.root), []);
  },
});
