import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findAnswer } from "../../../../kit/exercises/answer_cell.ts";
import { defineExercise, exerciseCell } from "../../../../kit/exercises/suite.ts";
import { type Cell, type CodeCell, type Notebook, text } from "../../../../kit/notebook/mod.ts";
import { resetChapter, resetExercise } from "../../../../kit/workbench/file/reset.ts";
import { notebookOf } from "../../check/project.ts";
import { definition, exercise, partial, solved } from "../../exercises/fixtures/exercise.ts";

const second = defineExercise({
  ...definition,
  id: "99.2",
  name: "ratio",
  stub: "function ratio(total: number, parts: number): number {\n  return NaN; // your turn\n}",
  hints: [definition.hints[0], definition.hints[1], definition.hints[2].replace("share", "ratio")],
});
const secondSolved = `${second.solution}\nawait check("99.2", ratio);`;
const both = `${solved}\n${secondSolved}`;

const unrun = notebookOf(
  { markdown: "# A chapter" },
  "const a = 1;",
  exerciseCell(exercise),
  { markdown: "## More" },
  exerciseCell(second),
);
/** The course's copy, with what its cells show. */
const course: Notebook = {
  ...unrun,
  cells: unrun.cells.map((cell, index) =>
    cell.cell_type === "code"
      ? { ...cell, execution_count: index, outputs: [shown(`output ${index}`)] }
      : cell
  ),
};
const [title, plain, first, prose, last] = course.cells as [
  Cell,
  CodeCell,
  CodeCell,
  Cell,
  CodeCell,
];

function shown(text: string): CodeCell["outputs"][number] {
  return { output_type: "stream", name: "stdout", text: [text] };
}

/** A cell of the learner: one of the course with other code, or one of their own. */
function cell(source: string, id = `own-${source.length}`): CodeCell {
  const outputs = [shown("mine")];
  return { cell_type: "code", id, metadata: {}, source, execution_count: 7, outputs };
}

const bookOf = (...cells: Cell[]): Notebook => ({ ...course, cells });

Deno.test("resetExercise() gives the cell back as the course has it, and leaves all others", () => {
  const edited = [title, cell("const a = 2;", plain.id), cell(solved, first.id), prose, last];
  const reset = resetExercise(bookOf(...edited), course, "99.1");
  assertEquals(reset.cells, edited.with(2, first));
});

Deno.test("resetExercise() finds the cell where the learner has moved it", () => {
  const reset = resetExercise(bookOf(cell(solved, first.id), last, title), course, "99.1");
  assertEquals(reset.cells, [first, last, title]);
});

Deno.test("resetExercise() brings a cell back that is gone, after the nearest one before it", () => {
  const own = cell("1");
  for (
    const [left, expected] of [
      [[title, plain, own, prose, last], [title, plain, first, own, prose, last]],
      [[title, own, last], [title, first, own, last]],
      [[own, last], [first, own, last]],
      [[], [first]],
    ]
  ) assertEquals(resetExercise(bookOf(...left!), course, "99.1").cells, expected);
});

Deno.test("resetExercise() makes later calls for the exercise in the learner's own cells comments, and changes nothing else there", () => {
  const own = cell(
    `const f = share;\nconst score = await check("99.1", (a, b) => f(a, b) /* ) */);`,
  );
  const kept = [cell(partial, "before"), first, cell('check("99.2", f); // check("99.1", f)')];
  const reset = resetExercise(bookOf(...kept, own), course, "99.1");
  assertEquals(reset.cells.slice(0, 3), kept);
  assertEquals(
    text(reset.cells[3]!.source),
    'const f = share;\nconst score = undefined /* await check("99.1", (a, b) => f(a, b) /* ) * /) */;',
  );
  assertEquals((reset.cells[3] as CodeCell).outputs, own.outputs);
});

Deno.test("resetExercise() leaves the answer to another exercise in a cell that answered both", () => {
  const reset = resetExercise(bookOf(first, cell(both, last.id)), course, "99.1");
  assertFalse(findAnswer(reset, exercise)!.attempted);
  assert(findAnswer(reset, second)!.attempted);
});

Deno.test("resetExercise() refuses an exercise that the chapter does not hold", () => {
  assertThrows(
    () => resetExercise(course, course, "98.1"),
    RangeError,
    "must hold it: current value is 98.1",
  );
});

Deno.test("resetChapter() gives the course's copy, with or without the answers that were attempted", () => {
  const answered = bookOf(prose, cell(partial, first.id), cell("1"), cell(solved, "own"), last);
  assertEquals(resetChapter(answered, course, { keepAnswers: false }), course);
  const kept = resetChapter(answered, course, { keepAnswers: true });
  const expected = { ...first, execution_count: 7, outputs: [shown("mine")] };
  assertEquals(kept.cells.map((cell) => ({ ...cell, source: text(cell.source) })), [
    title,
    plain,
    { ...expected, source: solved },
    prose,
    last,
  ]);
});

Deno.test("resetChapter() keeps no answer that is a stub with comments and hints", () => {
  const source = `// I think\n${exerciseCell(exercise)}\nawait hint("99.1");`;
  const book = bookOf(title, cell(source, first.id), last);
  assertEquals(resetChapter(book, course, { keepAnswers: true }), course);
});

const snippet = fc.constantFrom(
  exerciseCell(exercise),
  exerciseCell(second),
  solved,
  partial,
  secondSolved,
  both,
  'await check("99.1", share);',
  exercise.solution,
  "const share = (a: number, b: number) => a / b;",
  'const x = check("99.1", (a) => `)${a}`), y = await check("99.2", ratio);',
  "const a = 1;",
);
const learnerCell = fc.oneof(
  fc.constantFrom<Cell>(title, plain, first, prose, last),
  fc.tuple(snippet, fc.constantFrom(plain.id, first.id, last.id, "own")).map(([source, id]) =>
    cell(source, id)
  ),
);
/** Whatever a learner may have made of the chapter; ids are distinct, as in every file that is open. */
const learnerBook = fc.uniqueArray(learnerCell, { selector: ({ id }) => id })
  .chain((cells) =>
    fc.array(snippet, { maxLength: 2 }).map((more) => [
      ...cells,
      ...more.map((source, index) => cell(source, `more-${index}`)),
    ])
  ).chain((cells) => fc.shuffledSubarray(cells, { minLength: cells.length }))
  .map((cells) => bookOf(...cells));

Deno.test("after resetExercise() the unattempted stub is the answer, whatever the notebook was", () => {
  fc.assert(fc.property(learnerBook, fc.constantFrom(exercise, second), (book, which) => {
    const reset = resetExercise(book, course, which.id);
    const answer = findAnswer(reset, which)!;
    assertEquals([answer.attempted, answer.source], [false, exerciseCell(which)]);
    assertEquals(resetExercise(reset, course, which.id), reset, "a second time changes nothing");
  }));
});

Deno.test("after resetChapter() each attempted answer is there, and no other, whatever the notebook was", () => {
  fc.assert(fc.property(learnerBook, (book) => {
    const reset = resetChapter(book, course, { keepAnswers: true });
    assertEquals(reset.cells.map(({ id }) => id), course.cells.map(({ id }) => id));
    for (const which of [exercise, second]) {
      const [before, after] = [findAnswer(book, which), findAnswer(reset, which)!];
      assertEquals(after.attempted, before?.attempted ?? false);
      assertEquals(reset.cells[after.number - 1]!.id, (which === exercise ? first : last).id);
    }
  }));
});
