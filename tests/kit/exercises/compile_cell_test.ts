import { assertEquals, assertThrows } from "@std/assert";
import { AnswerError } from "../../../kit/exercises/answer_error.ts";
import { compileCell } from "../../../kit/exercises/compile_cell.ts";

/** Runs a compiled cell, and returns what it hands to `check`. */
async function run(source: string): Promise<unknown> {
  let handed: unknown;
  const check = (_id: string, value: unknown) => handed = value;
  const cell = new Function("check", `return ${compileCell(source)}`)(check) as () => Promise<void>;
  await cell();
  return handed;
}

Deno.test("compileCell() takes all of TypeScript that a notebook takes", async () => {
  assertEquals(
    await run(`
      import { check, hint } from "@fewer-bytes/exercises";
      import type { Model } from "@fewer-bytes/catalog";
      enum Bits { four = 4 }
      export interface Shape { layers: number }
      export const shape: Shape = { layers: 3 };
      const wait = await Promise.resolve(2 as number satisfies number);
      await check("x", Bits.four + shape.layers! + wait);`),
    9,
  );
});

Deno.test("compileCell() refuses each kind of import with words that say why", () => {
  const words = "an answer is graded alone, with no imports and no permissions";
  for (
    const source of [
      'import { ridgePoint } from "@fewer-bytes/roofline"; check("x", ridgePoint);',
      'import "file:///etc/passwd";',
      'const { readFileSync } = await import("node:fs");',
      "const load = (name: string) => import(name);",
    ]
  ) assertThrows(() => compileCell(source), AnswerError, words);
});

Deno.test("compileCell() quotes the line that does not parse", () => {
  assertThrows(
    () => compileCell("const a = 1;\nfunction f(: {"),
    AnswerError,
    "does not parse: Unexpected token `:`",
  );
  assertThrows(
    () => compileCell("const a = 1;\nfunction f(: {"),
    AnswerError,
    'in "function f(: {"',
  );
});
