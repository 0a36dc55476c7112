import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { checkNotebooks, formatProblem, type Problem } from "../../../kit/check/mod.ts";
import { type CellText, mayRun, notebookOf, Project } from "./project.ts";

const library = {
  "lib/units.ts":
    `export const giga = 1e9;\nexport class Meter { value = 1; }\nexport function double(x: number): number { return 2 * x; }\n`,
};
const ignore = !mayRun;

/** The problems of a notebook with these cells, beside a small library. */
async function problemsOf(cells: CellText[], kinds?: Problem["kind"][]): Promise<Problem[]> {
  await using project = await Project.create({
    ...library,
    "notebooks/a.ipynb": notebookOf(...cells),
  });
  return await checkNotebooks(["notebooks/a.ipynb"], {
    root: project.root,
    ...(kinds && { kinds }),
  });
}

const places = (problems: Problem[]) => problems.map(({ cell, line, code }) => [cell, line, code]);

Deno.test({
  name:
    "checkNotebooks() accepts what the kernel accepts: redeclaration, top-level await, exports, bare values, magics",
  ignore,
  async fn() {
    assertEquals(
      await problemsOf([
        `import { double } from "#lib/units.ts";\n\nconst x = 1;\nx;`,
        { markdown: "# Not code: const x: number = 'a'" },
        `const x = "now text";\nexport const y: string = x;\ny;`,
        `%%html\n<b>not code</b>`,
        `import { double, giga } from "#lib/units.ts";\nimport type { Meter } from "#lib/units.ts";\n` +
        `export function triple(x: number): number {\n  return x + double(x) * giga;\n}\n` +
        `export default class Q {\n  m?: Meter;\n}\nnew Q();`,
        `import { Meter } from "#lib/units.ts";\nawait Promise.resolve(new Meter());\ninterface P {\n  q: number;\n}\n({ q: 1 }) satisfies P;`,
        `{\n  using nothing = null;\n  nothing;\n}\nfor await (const step of [1]) double(step);`,
        `let changed = 1;\nchanged;`,
        `changed = triple(changed);\nchanged`.concat(";"),
        ``,
        `// Only a remark.`,
        `import * as units from "../lib/units.ts";\nconst more = await import("../lib/units.ts");\nunits.giga + more.giga;`,
      ]),
      [],
    );
  },
});

Deno.test({
  name:
    "checkNotebooks() names cell and line of a type error, after imports over several lines and blank lines",
  ignore,
  async fn() {
    const problems = await problemsOf([
      { markdown: "# Title" },
      `import {\n  double,\n  giga,\n} from "#lib/units.ts";\n\n\nconst a = double(giga);`,
      `\n\nimport {\n  double, // again\n  Meter,\n} from "#lib/units.ts";\n\nconst b: string = double(a);\nnew Meter();`,
      `const list = [1, 2];\nconst first: number = list[0];`,
    ], ["type"]);
    assertEquals(places(problems), [[3, 8, "TS2322"], [4, 2, "TS2322"]]);
    assertEquals(
      formatProblem(problems[0]!),
      `notebooks/a.ipynb, cell 3, line 8: TS2322: Type 'number' is not assignable to type 'string'.
    const b: string = double(a);
          ^`,
    );
  },
});

Deno.test({
  name:
    "checkNotebooks() reports missing exports, unknown modules and packages, and in which of two notebooks",
  ignore,
  async fn() {
    await using project = await Project.create({
      ...library,
      "notebooks/a.ipynb": notebookOf(
        `import { tera } from "#lib/units.ts";\ntera;`,
        `import { x } from "#lib/none.ts";\nx;`,
        `import y from "unknown-name";\ny;`,
        `import {\n  double,\n  hecto,\n} from "../lib/units.ts";\nhecto + double(1);`,
      ),
      "notebooks/b.ipynb": notebookOf(`1;`, `import z from "npm:@@bad";\nz;`),
    });
    const problems = await checkNotebooks(["notebooks/a.ipynb", "notebooks/b.ipynb"], {
      root: project.root,
      kinds: ["type"],
    });
    const found = problems.map(({ notebook, cell, line, code }) => [notebook, cell, line, code]);
    assertEquals(found.slice(0, 4), [
      ["notebooks/a.ipynb", 1, 1, "TS2305"],
      ["notebooks/a.ipynb", 2, 1, "TS2307"],
      ["notebooks/a.ipynb", 3, 1, "TS2307"],
      ["notebooks/a.ipynb", 4, 3, "TS2305"],
    ]);
    assertEquals(found.slice(4).map(([notebook, cell, line]) => [notebook, cell, line]), [[
      "notebooks/b.ipynb",
      2,
      1,
    ]]);
    // Messages name the files of the project, and no file that is gone when they are read.
    assertEquals(problems.filter(({ message }) => message.includes("file:")), []);
    assertStringIncludes(problems[0]!.message, `"lib/units.ts"' has no exported member 'tera'`);
  },
});

Deno.test({
  name:
    "checkNotebooks() reports a library module that does not parse for the notebooks that import it alone",
  ignore,
  async fn() {
    await using project = await Project.create({
      "lib/broken.ts": "export const a = (;\n",
      "notebooks/a.ipynb": notebookOf(`import { a } from "#lib/broken.ts";\na;`),
      "notebooks/b.ipynb": notebookOf(`const n: number = "";\nn;`),
    });
    const paths = ["notebooks/a.ipynb", "notebooks/b.ipynb"];
    const problems = await checkNotebooks(paths, { root: project.root, kinds: ["type"] });
    assertEquals(problems.map(({ notebook, cell, code }) => [notebook, cell, code]), [
      ["notebooks/a.ipynb", 0, "import"],
      ["notebooks/b.ipynb", 1, "TS2322"],
    ]);
    assertStringIncludes(problems[0]!.message, "at lib/broken.ts:1:");
  },
});

Deno.test({
  name: "checkNotebooks() reports every cell that does not parse, and not what follows from it",
  ignore,
  async fn() {
    const problems = await problemsOf([`const a = (1;`, `a;`, `\nlet = {;`], ["type"]);
    assertEquals(places(problems), [[1, 1, "syntax"], [3, 2, "syntax"]]);
    assertMatch(
      formatProblem(problems[0]!),
      /^notebooks\/a\.ipynb, cell 1, line 1: syntax: .+\n {4}const a = \(1;\n +\^$/,
    );
  },
});

Deno.test({
  name: "checkNotebooks() lints cells as one notebook, with columns in UTF-16 units",
  ignore,
  async fn() {
    const problems = await problemsOf([
      `let never = 1;\nlet later = 1;\nnever + later;`,
      `later = 2;\nconst smile = "😀"; debugger;`,
      `const loose: any = smile;\nloose;\nlater;`,
    ], ["lint"]);
    assertEquals(problems.map(({ cell, line, column, code }) => [cell, line, column, code]), [
      [1, 1, 5, "prefer-const"],
      [2, 2, 21, "no-debugger"],
      [3, 1, 14, "no-explicit-any"],
    ]);
  },
});

Deno.test({
  name: "checkNotebooks() names the first line of a cell that deno fmt writes differently",
  ignore,
  async fn() {
    const long = `const long = [${Array(14).fill("1000").join(", ")}].length;\nlong;`;
    const problems = await problemsOf([`1;`, `const a = 1;\nconst b   = 2\na + b;`, long, {
      markdown: "* item",
    }], [
      "format",
    ]);
    assertEquals(places(problems), [[2, 2, "format"], [4, 1, "format"]]);
    assertStringIncludes(
      formatProblem(problems[0]!),
      "deno fmt writes: const b = 2;\n    const b   = 2\n    ^",
    );
  },
});

Deno.test({
  name: "checkNotebooks() reports a file that is no notebook, and checks the others",
  ignore,
  async fn() {
    await using project = await Project.create({
      "notebooks/a.ipynb": "{",
      "notebooks/b.ipynb": notebookOf(`const n: number = "";\nn;`),
    });
    const paths = ["notebooks/a.ipynb", "notebooks/b.ipynb", "notebooks/c.ipynb"];
    const problems = await checkNotebooks(paths, { root: project.root });
    assertEquals(problems.map(({ notebook, code }) => [notebook, code]), [
      ["notebooks/a.ipynb", "notebook"],
      ["notebooks/b.ipynb", "TS2322"],
      ["notebooks/c.ipynb", "notebook"],
    ]);
    assertStringIncludes(
      formatProblem(problems[0]!),
      "notebooks/a.ipynb: notebook: Cannot read notebook",
    );
  },
});

Deno.test({
  name:
    "checkNotebooks() leaves no file behind, neither in the project nor in the temporary folder",
  ignore,
  async fn() {
    await using temporary = await Project.create();
    await using project = await Project.create({
      "notebooks/a.ipynb": notebookOf(`const n: number = "";`),
    });
    const before = Deno.env.get("TMPDIR");
    Deno.env.set("TMPDIR", temporary.root);
    try {
      await checkNotebooks(["notebooks/a.ipynb"], { root: project.root });
    } finally {
      if (before === undefined) Deno.env.delete("TMPDIR");
      else Deno.env.set("TMPDIR", before);
    }
    assertEquals([...Deno.readDirSync(temporary.root)].map(({ name }) => name), ["deno.json"]);
    assertEquals([...Deno.readDirSync(`${project.root}/notebooks`)].map(({ name }) => name), [
      "a.ipynb",
    ]);
  },
});
