import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { checkTypes, parseNotebooks } from "../../../../kit/check/mod.ts";
import { LiveChecker } from "../../../../kit/workbench/types/live_checker.ts";
import { type CellText, mayRun, notebookOf, Project } from "../../check/project.ts";

const ignore = !mayRun;
const library = {
  "lib/units.ts":
    `export const giga = 1e9;\n/** A length. */\nexport class Meter { value = 1; }\n/** Twice. */\nexport function double(x: number): number { return 2 * x; }\n`,
};
const chapter = (...cells: CellText[]) => ({
  path: "notebooks/a.ipynb",
  book: notebookOf(...cells),
});

/** What a question must never be asked again for: the time limit of the test is the only one. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

Deno.test({
  name: "LiveChecker finds the problems that checkTypes() finds, by the ids of cells",
  ignore,
  async fn() {
    await using project = await Project.create(library);
    const { root } = project;
    await using checker = new LiveChecker({ root });
    const sources = [
      [
        `import { double } from "#lib/units.ts";\n\nconst unused = 1;`,
        `double("a");\ndouble(1) satisfies string;`,
      ],
      [{ markdown: "# Title" }, `const a = (1;`, `const n: number = "";`, `\nlet = {;`],
      [`import {\n  double,\n  tera,\n} from "../lib/units.ts";\ntera + double(1);`],
      [
        `const x = 1;`,
        `const x = "text";\nexport const y: number = x;`,
        `const y: string = x;\nx;`,
      ],
      [`import { x } from "#lib/none.ts";\nx;`, `import y from "unknown-name";\ny;`],
      [
        `const options: { n: { m: number } } = { n: { m: "" } };\nlet late: number;\nlate + 1;`,
        `%%html\n<b>`,
      ],
      [`const list = [1];\nconst first: number = list[0];`, `(() => { return; first; })();`, ``],
    ].map((cells, index) => ({ path: `notebooks/${index}.ipynb`, book: notebookOf(...cells) }));
    const expected = await checkTypes(await parseNotebooks(sources, root), root);
    assertEquals(expected.length, 11);
    for (const source of sources) {
      const same = expected.filter(({ notebook }) => notebook === source.path)
        .sort((a, b) => a.cell - b.cell || a.line - b.line)
        .map(({ cell, line, column, code, message }) => ({
          cell: `cell-${cell}`,
          line,
          column,
          code,
          message,
        }));
      assertEquals(await checker.check(source), same);
    }
  },
});

Deno.test({
  name:
    "LiveChecker answers the latest check of each chapter, and follows modules that change on disk",
  ignore,
  async fn() {
    await using project = await Project.create(library);
    await using checker = new LiveChecker({ root: project.root });
    const messages = async (...cells: CellText[]) =>
      (await checker.check(chapter(...cells)))?.map(({ message }) => message);
    const head = `import { Meter } from "#lib/units.ts";`;
    assertEquals(await messages(head, `new Meter().value;`), []);
    const other = { ...chapter(`const n: number = "";`), path: "notebooks/b.ipynb" };
    const [outdated, beside, latest] = await Promise.all([
      messages(`const n: number = "";`),
      checker.check(other),
      messages(`const n: number = 1;`),
    ]);
    assertEquals([outdated, beside?.length, latest], [undefined, 1, []]);
    const missing = [`Property 'size' does not exist on type 'Meter'.`];
    assertEquals(await messages(head, `new Meter().size;`), missing);
    assertNotEquals(await messages(head, `new Meter().;`), []);
    assertEquals(await messages(head, `new Meter().size;`), missing);
    await project.write("lib/units.ts", `export class Meter { size = 1; }`);
    let edits = 0;
    await until(async () =>
      (await messages(head, `new Meter().size;\n${" ".repeat(++edits)}`))?.length === 0
    );
  },
});

Deno.test({
  name:
    "LiveChecker completes and explains names of earlier cells and modules, also while the cell does not parse",
  ignore,
  async fn() {
    await using project = await Project.create(library);
    await using checker = new LiveChecker({ root: project.root });
    const head = `const lengths = [{ inMeters: 1, "not a name": 2 }];`;
    const cells = [head, `const broken = (;`];
    const complete = async (code: string) => {
      const [before = "", after] = code.split("|");
      const lines = before.split("\n");
      const source = chapter(...cells, before + after);
      return await checker.complete(source, "cell-3", lines.length, lines.at(-1)!.length + 1);
    };
    const property = { label: "inMeters", kind: "property", detail: "number" };
    // A value that may be undefined is completed all the same.
    assertEquals(await complete(`lengths[0].|`), [property]);
    assertEquals(await complete(`const f = () => {\n  lengths[0]!.in| + (;`), [property]);
    const value = { label: "value", kind: "property", detail: "number" };
    const imported = `// First.\nimport { Meter } from "#lib/units.ts";\n`;
    assertEquals(await complete(`${imported}const m = new Meter();\nm.|\nfunction (`), [value]);
    assertEquals(
      (await complete(`import { Meter, d| } from "../lib/units.ts";`)).map(({ label }) => label),
      ["double"],
    );
    // Nothing is proposed that would have to be imported first.
    assertEquals((await complete(`doubl|`)).filter(({ label }) => label === "double"), []);
    assertEquals(await checker.complete(chapter({ markdown: "doub" }), "cell-1", 1, 5), []);
    assertEquals(await checker.complete(chapter(head), "cell-7", 1, 1), []);

    const broken = chapter(`import { double } from "#lib/units.ts";`, `lengths[\ndouble(1;`);
    assertEquals(await checker.hover(broken, "cell-2", 2, 3), {
      code: "double(x: number): number",
      markdown: "Twice.",
    });
    assertEquals(await checker.hover(broken, "cell-1", 1, 11), {
      code: "function double(x: number): number",
      markdown: "Twice.",
    });
    assertEquals(await checker.hover(chapter(head), "cell-1", 1, 60), undefined);
  },
});

const answer = JSON.stringify({ jsonrpc: "2.0", id: 0, result: {} });
const answerOnce = `for await (const question of Deno.stdin.readable) {
  console.log("Content-Length: ${answer.length}\\r\\n\\r\\n" + ${JSON.stringify(answer)});
  break;
}
setTimeout(() => {}, 1e6);`;
const failing: [string, string[]][] = [
  ["cannot be started", ["no-such-program"]],
  ["ends at once", [Deno.execPath(), "eval", "1"]],
  ["does not answer", [Deno.execPath(), "eval", "setTimeout(() => {}, 1e6)"]],
  ["answers once", [Deno.execPath(), "eval", answerOnce]],
];

Deno.test({
  name: "LiveChecker falls back to checkTypes() when the language server does not work",
  ignore,
  sanitizeResources: true,
  async fn(context) {
    await using project = await Project.create();
    for (const [what, command] of failing) {
      await context.step(what, async () => {
        const options = { root: project.root, command, limit: 0.3, pause: 0 };
        await using checker = new LiveChecker(options);
        const source = chapter(`const n: number = "";\nn.`);
        assertEquals(await checker.complete(source, "cell-1", 2, 3), []);
        assertEquals(await checker.hover(source, "cell-1", 2, 1), undefined);
        const found = await checker.check(chapter(`const n: number = "";`));
        assertEquals(found?.map(({ cell, code }) => [cell, code]), [["cell-1", "TS2322"]]);
        assertEquals(checker.running, false);
      });
    }
  },
});

Deno.test({
  name:
    "LiveChecker shows a problem of a module where the code begins when the language server does not work",
  ignore,
  async fn() {
    await using project = await Project.create({ "lib/broken.ts": "export const a = (;\n" });
    await using checker = new LiveChecker({ root: project.root, command: ["no-such-program"] });
    const source = chapter({ markdown: "# Title" }, `import { a } from "#lib/broken.ts";\na;`);
    const [problem] = await checker.check(source) ?? [];
    assertEquals([problem?.cell, problem?.line, problem?.column], ["cell-2", 1, 1]);
    assertStringIncludes(problem?.message ?? "", "lib/broken.ts:1:");
  },
});

Deno.test({
  name: "LiveChecker ends its language server when nobody asks, and starts it again",
  ignore,
  sanitizeResources: true,
  async fn() {
    await using project = await Project.create();
    await using checker = new LiveChecker({ root: project.root, idleLimit: 0.05 });
    assertEquals(checker.running, false);
    for (const expected of [[], ["TS2322"]]) {
      const found = await checker.check(chapter(expected.length ? `const n: number = "";` : `1;`));
      assertEquals(found?.map(({ code }) => code), expected);
      await until(() => !checker.running);
    }
  },
});
