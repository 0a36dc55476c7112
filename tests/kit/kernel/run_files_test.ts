import { assert, assertEquals, assertRejects } from "@std/assert";
import { CellError, runFile, runFiles } from "../../../kit/kernel/mod.ts";
import { parseNotebook, serializeNotebook } from "../../../kit/notebook/mod.ts";
import {
  eventually,
  isAlive,
  notebook,
  temporaryFolder,
  withoutKernel as ignore,
} from "./support.ts";

/** Everything in a folder: names and contents. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return Object.fromEntries(
    await Promise.all(
      entries.map(async ({ name }) => [name, await Deno.readTextFile(`${folder}/${name}`)]),
    ),
  );
}

Deno.test("runFile() writes the outputs into the file, and a second run changes nothing", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/a.ipynb`;
  await Deno.writeTextFile(path, serializeNotebook(notebook("6 * 7")));
  const book = await runFile(path);
  const text = await Deno.readTextFile(path);
  assertEquals(parseNotebook(text, path), parseNotebook(serializeNotebook(book), path));
  assert(text.includes(`"42"`));
  const written = (await Deno.stat(path)).mtime;
  await runFile(path);
  assertEquals((await Deno.stat(path)).mtime, written);
  assertEquals(await contents(folder.path), { "a.ipynb": text });
});

Deno.test(
  "runFile() leaves the folder as it is when a cell fails, the kernel dies, or the run is aborted",
  { ignore },
  async () => {
    for (const last of ["throw 1", "Deno.exit()", "await new Promise(() => {})", "let = ="]) {
      await using folder = await temporaryFolder();
      const path = `${folder.path}/a.ipynb`;
      await Deno.writeTextFile(path, serializeNotebook(notebook("console.log(1)", last)));
      const before = await contents(folder.path);
      const controller = new AbortController();
      const onCell = ({ cell }: { cell: number }) => {
        if (cell === 2 && last.startsWith("await")) controller.abort(new Error("aborted"));
      };
      await assertRejects(() => runFile(path, { onCell, signal: controller.signal }));
      assertEquals(await contents(folder.path), before);
    }
  },
);

Deno.test("runFile() refuses a file that is no notebook, and names it", { ignore }, async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/a.ipynb`;
  await Deno.writeTextFile(path, "{}");
  await assertRejects(() => runFile(path), SyntaxError, path);
});

Deno.test(
  "runFiles() runs several notebooks, each in its own kernel, and gives them back in order",
  { ignore },
  async () => {
    await using folder = await temporaryFolder();
    const names = ["a", "b", "c"];
    const paths = names.map((name) => `${folder.path}/${name}.ipynb`);
    for (const [index, path] of paths.entries()) {
      const name = names[index];
      await Deno.writeTextFile(
        path,
        serializeNotebook(notebook(`var seen = [globalThis.seen, "${name}"]`, "console.log(seen)")),
      );
    }
    const begun = new Set<string>();
    const books = await runFiles(paths, {
      parallel: 2,
      onCell: ({ notebook }) => begun.add(notebook),
    });
    assertEquals([...begun].toSorted(), paths);
    assertEquals(
      books.map(({ cells }) =>
        cells[1]?.cell_type === "code" && JSON.stringify(cells[1].outputs[0])
      ),
      names.map((name) =>
        JSON.stringify({
          name: "stdout",
          output_type: "stream",
          text: [`[ undefined, "${name}" ]\n`],
        })
      ),
    );
  },
);

Deno.test(
  "runFiles() ends all kernels when one notebook fails, and tells of that one",
  { ignore },
  async () => {
    await using folder = await temporaryFolder();
    const pidFile = `${folder.path}/pid`;
    const bad = `${folder.path}/bad.ipynb`,
      slow = `${folder.path}/slow.ipynb`,
      later = `${folder.path}/later.ipynb`;
    // The bad one waits until the slow one runs.
    const wait =
      `while (!(await Deno.stat("./pid").catch(() => null))) await new Promise((r) => setTimeout(r, 10));`;
    await Deno.writeTextFile(bad, serializeNotebook(notebook(`${wait}\nthrow new Error("bad")`)));
    await Deno.writeTextFile(
      slow,
      serializeNotebook(
        notebook(`Deno.writeTextFileSync("pid", String(Deno.pid)); await new Promise(() => {})`),
      ),
    );
    await Deno.writeTextFile(later, serializeNotebook(notebook("1")));
    const error = await assertRejects(
      () => runFiles([slow, bad, later], { parallel: 2 }),
      CellError,
    ) as CellError;
    assertEquals([error.notebook, error.evalue], [bad, "bad"]);
    const pid = Number(await Deno.readTextFile(pidFile));
    assert(pid > 0 && await eventually(() => !isAlive(pid)));
    assertEquals(await Deno.readTextFile(later), serializeNotebook(notebook("1")));
  },
);

Deno.test("runFiles() removes every temporary folder that it makes", { ignore }, async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/a.ipynb`, temporary = `${folder.path}/temporary`;
  await Deno.mkdir(temporary);
  await Deno.writeTextFile(path, serializeNotebook(notebook("1", `import { no } from "node:fs"`)));
  const makeTempDir = Deno.makeTempDir;
  let made = 0;
  const inside = (options: Deno.MakeTempOptions = {}) => {
    made++;
    return makeTempDir({ ...options, dir: temporary });
  };
  Object.defineProperty(Deno, "makeTempDir", { value: inside, configurable: true, writable: true });
  try {
    await assertRejects(() => runFiles([path]), CellError);
  } finally {
    Object.defineProperty(Deno, "makeTempDir", {
      value: makeTempDir,
      configurable: true,
      writable: true,
    });
  }
  assert(made >= 2);
  assertEquals(await Array.fromAsync(Deno.readDir(temporary)), []);
});

Deno.test("runFiles() refuses to run fewer than one notebook at a time", async () => {
  await assertRejects(() => runFiles([], { parallel: 0 }), RangeError, "current value is 0");
});
