import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readCells } from "../../../kit/kernel/mod.ts";
import { withoutKernel as ignore } from "./support.ts";

Deno.test(
  "readCells() finds the values that each cell imports, and only those",
  { ignore },
  async () => {
    const read = await readCells([
      `import d, { a, b as c, type T, "x y" as e } from "m"; import type { U } from "m"; import * as all from "npm:n@1";`,
      `// deno-lint-ignore-file\nimport data from "./d.json" with { type: "json" };\nimport "side";`,
      "`import { no } from 'template'`; /import { no } from 're'/; // import { no } from 'comment'\nawait import('dynamic')",
      "",
    ]);
    assertEquals(read.map(({ imports }) => imports), [
      [
        { source: "m", names: ["default", "a", "b", "x y"], attributes: {} },
        { source: "npm:n@1", names: [], attributes: {} },
      ],
      [
        { source: "./d.json", names: ["default"], attributes: { type: "json" } },
        { source: "side", names: [], attributes: {} },
      ],
      [],
      [],
    ]);
  },
);

Deno.test("readCells() accepts what the kernel accepts: JSX, generic arrows, top-level await", {
  ignore,
}, async () => {
  const read = await readCells([
    "<b>x</b>",
    "const f = <T>(x: T) => x;",
    "const y = <any>1;",
    "for await (const x of []);",
  ]);
  assertEquals(read, [{ imports: [] }, { imports: [] }, { imports: [] }, { imports: [] }]);
});

Deno.test("readCells() says where a cell does not parse, and nothing of a temporary file", {
  ignore,
}, async () => {
  const [fine, broken] = await readCells(["1", "const a = 1;\nconst b = ;"]);
  assertEquals(fine, { imports: [] });
  assertStringIncludes(broken?.syntaxError ?? "", "const b = ;");
  assertStringIncludes(broken?.syntaxError ?? "", "line 2, column 11");
  assert(!/file:|\/tmp/.test(broken?.syntaxError ?? ""));
});

Deno.test("readCells() keeps the cells of a long notebook apart", { ignore }, async () => {
  const read = await readCells(
    Array.from({ length: 120 }, (_, i) => i % 10 === 3 ? `let = ${i} =` : `import "m${i}"`),
  );
  for (const [i, { imports, syntaxError }] of read.entries()) {
    if (i % 10 === 3) assertStringIncludes(syntaxError ?? "", `let = ${i} =`);
    else assertEquals(imports.map(({ source }) => source), [`m${i}`]);
  }
});
