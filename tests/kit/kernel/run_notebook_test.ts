import {
  assert,
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { CellError, type CellEvent, runNotebook } from "../../../kit/kernel/mod.ts";
import type { Notebook, Output } from "../../../kit/notebook/mod.ts";
import { notebook, temporaryFolder, withoutKernel as ignore } from "./support.ts";

const cwd = Deno.cwd();

function run(
  book: Notebook,
  options: Partial<Parameters<typeof runNotebook>[2]> = {},
): Promise<Notebook> {
  return runNotebook(book, "book.ipynb", { cwd, ...options });
}

function outputsOf(book: Notebook, index: number): Output[] {
  const cell = book.cells[index];
  return cell?.cell_type === "code" ? cell.outputs : [];
}

/** The error of a run that must fail. */
async function failure(...args: Parameters<typeof run>): Promise<CellError> {
  return await assertRejects(() => run(...args), CellError) as CellError;
}

Deno.test(
  "runNotebook() returns a new notebook with outputs as Jupyter stores them, and leaves the given one",
  {
    ignore,
  },
  async () => {
    const book = notebook("console.log('a\\nb')", "", "// nothing", "1 + 1");
    book.cells.splice(1, 0, { cell_type: "markdown", id: "text", metadata: {}, source: "# Title" });
    const before = structuredClone(book);
    const after = await run(book);
    assertEquals(book, before);
    assertEquals(
      after.cells.map((cell) => cell.cell_type === "code" ? cell.execution_count : "text"),
      [
        1,
        "text",
        null,
        2,
        3,
      ],
    );
    assertEquals(outputsOf(after, 0), [{
      name: "stdout",
      output_type: "stream",
      text: ["a\n", "b\n"],
    }]);
    assertEquals(outputsOf(after, 4), [
      {
        data: { "text/plain": ["2"] },
        execution_count: 3,
        metadata: {},
        output_type: "execute_result",
      },
    ]);
    assertEquals(Object.keys(outputsOf(after, 4)[0] ?? {}), [
      "data",
      "execution_count",
      "metadata",
      "output_type",
    ]);
  },
);

Deno.test("runNotebook() gives the same text twice, old outputs or not", { ignore }, async () => {
  const book = notebook(
    "await Deno.jupyter.display(Deno.jupyter.html`<b>x</b>`, { display_id: crypto.randomUUID() }); 1",
    { source: "throw new Error('shown')", tags: ["raises-exception"] },
  );
  const first = await run(book);
  assertEquals(JSON.stringify(await run(first)), JSON.stringify(first));
});

Deno.test("runNotebook() starts no kernel for a notebook without code", { ignore }, async () => {
  const book = notebook(" ");
  assertEquals(await run(book, { cwd: "/there/is/no/such/folder" }), book);
});

Deno.test("runNotebook() drops the outputs of a cell whose code is gone", { ignore }, async () => {
  const book = notebook(" ");
  const [cell] = book.cells;
  assert(cell?.cell_type === "code");
  cell.outputs = [{ output_type: "stream", name: "stdout", text: "old" }];
  cell.execution_count = 9;
  assertEquals(await run(book), notebook(" "));
});

Deno.test("runNotebook() imports against its folder", { ignore }, async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/answer.ts`, "export const answer = 42;");
  const after = await run(notebook(`import { answer } from "./answer.ts"; answer`), {
    cwd: folder.path,
  });
  assertEquals(JSON.stringify(outputsOf(after, 0)).includes(`"42"`), true);
});

Deno.test("runNotebook() updates a display of an earlier cell", { ignore }, async () => {
  const show = (text: string, update: boolean) =>
    `await Deno.jupyter.display({ "text/plain": "${text}" }, { raw: true, display_id: "a", update: ${update} })`;
  const after = await run(notebook(show("old", false), show("new", true)));
  assertEquals(outputsOf(after, 0), [{
    data: { "text/plain": ["new"] },
    metadata: {},
    output_type: "display_data",
  }]);
});

Deno.test("CellError names the notebook, the cell among all cells, its id and its first line", {
  ignore,
}, async () => {
  const book = notebook("1", "\n  const x = 1;\nnull.y");
  book.cells.unshift({ cell_type: "markdown", id: "text", metadata: {}, source: "" });
  const error = await failure(book);
  assertEquals([error.notebook, error.cell, error.cellId, error.ename], [
    "book.ipynb",
    3,
    "cell-2",
    "TypeError",
  ]);
  assertStringIncludes(
    error.message,
    "Cannot run book.ipynb, cell 3 (const x = 1;): TypeError: Cannot read properties of null",
  );
  assertEquals(error.traceback[0], `TypeError: ${error.evalue}`);
});

Deno.test(
  "runNotebook() fails for each thing that the kernel passes over in silence",
  { ignore },
  async () => {
    const silent: [code: string, message: string][] = [
      ["let = 3 =", "Invalid assignment target"],
      [`import { no } from "node:fs"`, `"node:fs" does not export "no"`],
      [`import x from "npm:fewer-bytes-has-no-such-package@1"`, "fewer-bytes-has-no-such-package"],
      [`Promise.reject(new Error("unhandled"))`, "unhandled"],
      ["Deno.exit(5)", "exited with code 5"],
    ];
    for (const [code, message] of silent) {
      const error = await failure(notebook("1", code));
      assertEquals(error.cell, 2);
      assertStringIncludes(error.message, message);
    }
  },
);

Deno.test("runNotebook() fails when a cell takes longer than the limit", { ignore }, async () => {
  const error = await failure(notebook("await new Promise(() => {})"), { cellTimeout: 0.2 });
  assertStringIncludes(
    error.message,
    "cell 1 (await new Promise(() => {})): TimeoutError: The cell ran for more than 0.2 s",
  );
});

Deno.test("runNotebook() stores the error of a cell tagged raises-exception and goes on", {
  ignore,
}, async () => {
  const may = (source: string) => ({ source, tags: ["raises-exception"] });
  const after = await run(
    notebook(may("throw new RangeError('no')"), may("let = 3 ="), may("1"), "2"),
  );
  const [error] = outputsOf(after, 0);
  assert(error?.output_type === "error");
  assertEquals([error.ename, error.evalue, error.traceback[0]], [
    "RangeError",
    "no",
    "RangeError: no",
  ]);
  assertEquals(Object.keys(error), ["ename", "evalue", "output_type", "traceback"]);
  assertEquals([1, 2, 3].map((index) => outputsOf(after, index)[0]?.output_type), [
    "error",
    "execute_result",
    "execute_result",
  ]);
});

Deno.test("runNotebook() does not excuse the end of the kernel by the tag raises-exception", {
  ignore,
}, async () => {
  const error = await failure(notebook({ source: "Deno.exit(1)", tags: ["raises-exception"] }));
  assertEquals(error.ename, "KernelStopped");
});

Deno.test("A stored error holds no path of the machine", { ignore }, async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/notebooks`);
  await Deno.mkdir(`${folder.path}/lib`);
  await Deno.writeTextFile(
    `${folder.path}/lib/f.ts`,
    "export function f() {\n  throw new Error('in f');\n}",
  );
  const tags = ["raises-exception"];
  const book = notebook({ source: `import { f } from "../lib/f.ts"; f()`, tags }, {
    source: `import "./no.ts"`,
    tags,
  });
  const after = await run(book, { cwd: `${folder.path}/notebooks` });
  const text = JSON.stringify(after);
  assert(!text.includes(folder.path), text);
  assertStringIncludes(text, "at f (../lib/f.ts:2:9)");
  assertStringIncludes(text, "no.ts");
});

Deno.test("runNotebook() tells when each cell begins and ends", { ignore }, async () => {
  const events: CellEvent[] = [];
  const book = notebook("1", "2");
  book.cells.unshift({ cell_type: "markdown", id: "text", metadata: {}, source: "" });
  await run(book, { onCell: (event) => events.push(event) });
  assertEquals(
    events.map(({ seconds, ...event }) => ({ ...event, ended: seconds !== undefined })),
    [
      { notebook: "book.ipynb", cell: 2, of: 3, ended: false },
      { notebook: "book.ipynb", cell: 2, of: 3, ended: true },
      { notebook: "book.ipynb", cell: 3, of: 3, ended: false },
      { notebook: "book.ipynb", cell: 3, of: 3, ended: true },
    ],
  );
});

Deno.test(
  "runNotebook() ends at once when it is aborted, with the given reason",
  { ignore },
  async () => {
    const reason = new Error("enough");
    const inTheMidst = new AbortController();
    const error = await assertRejects(() =>
      run(notebook("await new Promise(() => {})"), {
        signal: inTheMidst.signal,
        onCell: () => setTimeout(() => inTheMidst.abort(reason), 50),
      })
    );
    assertEquals(error, reason);
    assertEquals(
      await assertRejects(() => run(notebook("1"), { signal: AbortSignal.abort(reason) })),
      reason,
    );
    const atStart = new AbortController();
    setTimeout(() => atStart.abort(reason), 20);
    assertEquals(await assertRejects(() => run(notebook("1"), { signal: atStart.signal })), reason);
  },
);

Deno.test("runNotebook() begins each run in a fresh kernel", { ignore }, async () => {
  const book = notebook("globalThis.seen = (globalThis.seen ?? 0) + 1");
  assertEquals(await run(book), await run(book));
  assertNotEquals(outputsOf(await run(book), 0), []);
});
