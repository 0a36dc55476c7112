import { assert, assertEquals, assertFalse } from "@std/assert";
import { exerciseIds, findAnswer, isStub } from "../../../kit/exercises/answer_cell.ts";
import { javaScript } from "../../../kit/exercises/compile_cell.ts";
import { exerciseCell } from "../../../kit/exercises/suite.ts";
import { parseNotebook } from "../../../kit/notebook/mod.ts";
import { exercise, notebookOf, partial, solved } from "./fixtures/exercise.ts";

const find = (...sources: string[]) =>
  findAnswer(parseNotebook(notebookOf(...sources), "test"), exercise);

Deno.test("findAnswer() takes the last cell that calls check() with the id", () => {
  const found = find(partial, "console.log(1)", solved, 'await check("99.2", share);');
  assertEquals([found?.source, found?.number, found?.attempted], [solved, 3, true]);
});

Deno.test("findAnswer() finds nothing in comments, texts and other exercises", () => {
  assertEquals(
    find('// check("99.1", share)', `const a = 'check("99.1", share)';`, 'check("99.2", share)'),
    undefined,
  );
});

Deno.test("findAnswer() takes a stub for not attempted, whatever its comments and formatting", () => {
  const cell = exerciseCell(exercise);
  for (
    const source of [
      cell,
      cell.replaceAll(";", ""),
      cell.replace("// your turn", "// I will think about it"),
      cell.replaceAll("\n", "\n\n  "),
      `${cell}\nawait hint("99.1");`,
      cell.replace('"99.1"', "'99.1'"),
    ]
  ) assertFalse(find(source)!.attempted, source);
  assert(find(cell.replace("NaN", "0"))!.attempted);
});

Deno.test("findAnswer() joins the check call with the last earlier cell that defines the answer", () => {
  const found = find(
    "function share() { return 1; }",
    "const share = (total: number, parts: number) => total / parts;",
    'const other = share;\nawait check("99.1", share);',
    "function share() { return 2; }",
  );
  assert(found!.attempted);
  assert(
    found!.source.includes("total / parts") && found!.source.includes("check("),
    found!.source,
  );
  assertFalse(
    found!.source.includes("return 1") || found!.source.includes("return 2"),
    found!.source,
  );
});

Deno.test("findAnswer() takes a stub and its check call in two cells for not attempted", () => {
  assertFalse(find(exercise.stub, 'await check("99.1", share);')!.attempted);
});

Deno.test("findAnswer() follows the name that check() is given", () => {
  const found = find("const mine = () => 7;", 'await check("99.1", mine);');
  assert(found!.source.includes("const mine"), found!.source);
});

Deno.test("exerciseIds() lists the exercises that a notebook checks", () => {
  const notebook = parseNotebook(
    notebookOf(solved, solved, 'check("01.2", f)', '// check("01.3", f)'),
    "test",
  );
  assertEquals([...exerciseIds(notebook)], ["99.1", "01.2"]);
});

Deno.test("isStub() recognizes the function of the stub after Deno has transpiled it, and no other", () => {
  const evaluate = (source: string) =>
    new Function(`${javaScript(source)}; return share;`)() as () => number;
  assert(isStub(evaluate(exercise.stub), exercise));
  assertFalse(isStub(evaluate(exercise.solution), exercise));
  assertFalse(isStub(evaluate(exercise.stub.replace("NaN", "total")), exercise));
});
