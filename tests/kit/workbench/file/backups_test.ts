import { assertEquals, assertRejects } from "@std/assert";
import { Backups } from "../../../../kit/workbench/file/backups.ts";
import { mayRun, Project } from "../../check/project.ts";

const ignore = !mayRun;
const names = async (path: string) =>
  (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();

Deno.test({
  name: "Backups names a version after its moment in UTC, and adds a number when that is taken",
  ignore,
  async fn() {
    await using project = await Project.create();
    const now = () => new Date("2026-11-22T12:03:59.123Z");
    const backups = new Backups(`${project.root}/.backups`, "01_a", { now });
    const made = [];
    for (let version = 1; version <= 11; version++) made.push(await backups.backUp(`${version}`));
    assertEquals(made.slice(0, 2), [
      "2026-11-22T12-03-59.123.ipynb",
      "2026-11-22T12-03-59.123-2.ipynb",
    ]);
    assertEquals(await backups.list(), made.toReversed());
    assertEquals(await backups.read(made[10]!), "11");
  },
});

Deno.test({
  name:
    "Backups keeps the newest of each chapter, and takes the latest for the newest whatever the clock says",
  ignore,
  async fn() {
    await using project = await Project.create();
    let hour = 12;
    const options = { keep: 3, now: () => new Date(Date.UTC(2026, 10, 22, hour--)) };
    const [one, other] = ["01_a", "02_b"].map((name) =>
      new Backups(`${project.root}/.backups`, name, options)
    );
    await other!.backUp("other");
    for (let version = 1; version <= 5; version++) await one!.backUp(`${version}`);
    const kept = await Promise.all((await one!.list()).map((name) => one!.read(name)));
    assertEquals(kept, ["5", "4", "3"]);
    assertEquals((await other!.list()).length, 1);
  },
});

Deno.test({
  name: "Backups are ignored by git, and lie beside the notebook in a folder with its name",
  ignore,
  async fn() {
    await using project = await Project.create();
    const backups = Backups.beside(`${project.root}/01_a.ipynb`);
    assertEquals(await backups.list(), []);
    const name = await backups.backUp("{}");
    assertEquals(await project.read(".backups/.gitignore"), "*\n");
    assertEquals(await names(`${project.root}/.backups/01_a`), [name]);
  },
});

Deno.test({
  name:
    "Backups.read() and update() refuse names that are not those of backups, and read() what is not there",
  ignore,
  async fn() {
    await using project = await Project.create({ "secret.ipynb": "secret" });
    const backups = new Backups(`${project.root}/.backups`, "01_a");
    const name = await backups.backUp("{}");
    for (
      const wrong of [
        "../../secret.ipynb",
        "..",
        "",
        `../01_a/${name}`,
        `./${name}`,
        `${name}\0`,
        name.replace("20", "19"),
      ]
    ) await assertRejects(() => backups.read(wrong), RangeError, "must be one of this chapter");
    await assertRejects(() => backups.update("../../secret.ipynb", ""), RangeError);
    await backups.update(name, "[]");
    assertEquals([await backups.read(name), await backups.list()], ["[]", [name]]);
  },
});

Deno.test({
  name: "Backups.tidy() removes what a kill left long ago",
  ignore,
  async fn() {
    await using project = await Project.create();
    const backups = new Backups(`${project.root}/.backups`, "01_a");
    const name = await backups.backUp("{}");
    const left = `.backups/01_a/${name}.${crypto.randomUUID()}.tmp`;
    await project.write(left, "{");
    await Deno.utime(`${project.root}/${left}`, 0, 0);
    await backups.tidy();
    assertEquals(await names(`${project.root}/.backups/01_a`), [name]);
  },
});
