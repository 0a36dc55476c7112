import { assertEquals, assertStrictEquals } from "@std/assert";
import { CellParser, parseCells } from "../../../kit/cells/mod.ts";
import { mayRun } from "../check/project.ts";

Deno.test({
  name: "CellParser says what parseCells() says, and parses code that it has seen no second time",
  ignore: !mayRun,
  async fn() {
    const codes = [
      `import { a } from "./a.ts";\na;`,
      "const b = (;",
      `import { a } from "./a.ts";\na;`,
    ];
    const parser = new CellParser();
    const [first, broken, again] = await parser.parse(codes);
    assertEquals([first, broken, again], await parseCells(codes));
    assertStrictEquals(first, again);
    const [fresh, later] = await parser.parse(["export const c = 1;", codes[1]!]);
    assertEquals(fresh, (await parseCells(["export const c = 1;"]))[0]);
    assertStrictEquals(later, broken);
  },
});
