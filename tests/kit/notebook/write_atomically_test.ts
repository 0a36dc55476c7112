import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { removeLeftovers, writeAtomically } from "../../../kit/notebook/mod.ts";
import { mayRun, Project } from "../check/project.ts";

const ignore = !mayRun;
const names = async (project: Project) =>
  (await Array.fromAsync(Deno.readDir(project.root))).map(({ name }) => name).sort();

Deno.test({
  name:
    "writeAtomically() writes text and bytes, new files and old ones, and leaves nothing beside",
  ignore,
  async fn() {
    await using project = await Project.create();
    const path = `${project.root}/a.txt`;
    assert(await writeAtomically(path, "π"));
    assertEquals(await project.read("a.txt"), "π");
    assert(await writeAtomically(path, Uint8Array.of(98), { durable: true }));
    assertEquals(await project.read("a.txt"), "b");
    assertEquals(await names(project), ["a.txt", "deno.json"]);
  },
});

Deno.test({
  name: "writeAtomically() asks at the last moment, and then leaves the file as it is",
  ignore,
  async fn() {
    await using project = await Project.create({ "a.txt": "old" });
    const path = `${project.root}/a.txt`;
    const seen: string[][] = [];
    const onlyIf = async () => {
      seen.push(await names(project));
      return false;
    };
    assertFalse(await writeAtomically(path, "new", { onlyIf }));
    assertEquals(await project.read("a.txt"), "old");
    assertEquals(seen[0]!.filter((name) => name.endsWith(".tmp")).length, 1);
    assertEquals(await names(project), ["a.txt", "deno.json"]);
  },
});

Deno.test({
  name: "writeAtomically() rejects what cannot be written, and leaves nothing beside",
  ignore,
  async fn() {
    await using project = await Project.create();
    await Deno.mkdir(`${project.root}/folder`);
    await assertRejects(() => writeAtomically(`${project.root}/folder`, ""));
    const onlyIf = () => Promise.reject(new Error("asked in vain"));
    await assertRejects(
      () => writeAtomically(`${project.root}/a.txt`, "", { onlyIf }),
      Error,
      "asked in vain",
    );
    await assertRejects(
      () => writeAtomically(`${project.root}/none/a.txt`, ""),
      Deno.errors.NotFound,
    );
    assertEquals(await names(project), ["deno.json", "folder"]);
  },
});

Deno.test({
  name: "writeAtomically() keeps the permissions of the file",
  ignore: ignore || Deno.build.os === "windows",
  async fn() {
    await using project = await Project.create({ "a.txt": "old" });
    const path = `${project.root}/a.txt`;
    await Deno.chmod(path, 0o600);
    await writeAtomically(path, "new");
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  },
});

Deno.test({
  name: "removeLeftovers() removes old temporary files of one file, and nothing else",
  ignore,
  async fn() {
    const [left, young, foreign] = [1, 2, 3].map(() => `${crypto.randomUUID()}.tmp`);
    await using project = await Project.create({
      "a.ipynb": "",
      [`a.ipynb.${left}`]: "",
      [`a.ipynb.${young}`]: "",
      [`b.ipynb.${foreign}`]: "",
      "a.ipynb.tmp": "",
    });
    for (const name of await names(project)) {
      if (name !== `a.ipynb.${young}`) await Deno.utime(`${project.root}/${name}`, 0, 0);
    }
    await removeLeftovers(project.root, "a.ipynb");
    assertEquals(
      await names(project),
      ["a.ipynb", "a.ipynb.tmp", `a.ipynb.${young}`, `b.ipynb.${foreign}`, "deno.json"].sort(),
    );
    await removeLeftovers(project.root);
    assertFalse((await names(project)).includes(`b.ipynb.${foreign}`));
    await removeLeftovers(`${project.root}/none`);
  },
});
