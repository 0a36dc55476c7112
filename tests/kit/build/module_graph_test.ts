import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { loadedModules } from "../../../kit/build/mod.ts";
import { readNotebooks } from "../../../kit/check/mod.ts";
import { mayRun, notebookOf, Project } from "../check/project.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

Deno.test({
  name:
    "loadedModules() keeps notebooks apart, and finds packages with the packages that they need",
  ignore: !mayRun,
  async fn() {
    await using project = await Project.create({
      "a.ipynb": notebookOf(`import { formatBytes } from "@fewer-bytes/units";\nformatBytes;`),
      "b.ipynb": notebookOf(
        `import { z } from "zod";\nz;`,
        `const { create } = await import("mathjs");\ncreate;`,
      ),
      "c.ipynb": notebookOf(`1;`),
    });
    const paths = ["a", "b", "c"].map((name) => `${project.root}/${name}.ipynb`);
    const { notebooks } = await readNotebooks(paths, root);
    const [units, packages, nothing] = await loadedModules(notebooks, root);
    assertEquals(Object.keys(units!.modules).includes("lib/units/format.ts"), true);
    assertEquals(Object.values(units!.modules).every((print) => /^[0-9a-f]{8}$/.test(print)), true);
    assertEquals(packages!.modules, {});
    const names = packages!.packages.map((name) => name.replace(/(?<=.)@.*/, ""));
    assertEquals(["decimal.js", "mathjs", "zod"].filter((name) => !names.includes(name)), []);
    assertEquals(nothing, { modules: {}, packages: [] });
  },
});
