import { assertEquals } from "@std/assert";
import { originalPath, publishNotebooks, unpublished } from "../../../kit/build/mod.ts";
import { mayRun, notebookOf, Project } from "../check/project.ts";

const a = "notebooks/01_a.ipynb";
const b = "notebooks/02_b.ipynb";

Deno.test({
  name:
    "publishNotebooks() keeps notebooks byte for byte as the course's own, and only those that changed",
  ignore: !mayRun,
  async fn() {
    await using project = await Project.create({ [a]: notebookOf("1"), [b]: notebookOf("2") });
    const { root } = project;
    assertEquals(await unpublished(root, [a, b]), [a, b]);
    assertEquals(await publishNotebooks(root, [a, b]), [a, b]);
    assertEquals(await unpublished(root, [a, b]), []);
    await project.write(b, notebookOf("3"));
    assertEquals(await unpublished(root, [a, b]), [b]);
    assertEquals(await publishNotebooks(root, [a, b]), [b]);
    for (const path of [a, b]) {
      assertEquals(await project.read(originalPath(path)), await project.read(path));
    }
  },
});
