import { assertEquals, assertThrows } from "@std/assert";
import { defineExercise, exerciseCell, sharePoints } from "../../../kit/exercises/suite.ts";
import { definition, exercise } from "./fixtures/exercise.ts";

Deno.test("sharePoints() splits whole points that add up exactly, the first checks getting what is left", () => {
  assertEquals(sharePoints(10, [undefined, undefined, undefined]), [4, 3, 3]);
  assertEquals(sharePoints(10, [5, 4, 1]), [5, 4, 1]);
});

Deno.test("sharePoints() refuses shares that do not add up, are not whole, or are stated by some checks only", () => {
  assertThrows(() => sharePoints(10, [5, 4]), RangeError, "add up to 10: current value is 9");
  assertThrows(() => sharePoints(10, [9.5, 0.5]), RangeError, "whole number");
  assertThrows(
    () => sharePoints(10, [5, undefined]),
    RangeError,
    "all checks must state their points, or none",
  );
  assertThrows(
    () => sharePoints(2, [undefined, undefined, undefined]),
    RangeError,
    "at least one point a check",
  );
  assertThrows(() => sharePoints(2.5, [undefined]), RangeError, "whole number from 1");
});

Deno.test("defineExercise() takes the chapter from the id, and the solution from the third hint", () => {
  assertEquals(exercise.chapter, "99");
  assertEquals(
    exercise.solution.split("\n")[0],
    "function share(total: number, parts: number): number {",
  );
  assertEquals(exercise.checks.map(({ points }) => points), [4, 3, 3]);
});

Deno.test("defineExercise() refuses a definition with a part that is missing or does not fit", () => {
  const [nudge, formula] = definition.hints;
  const wrong = [
    [{ id: "1.1" }, "an id must be"],
    [{ id: "01.0" }, "an id must be"],
    [{ title: " " }, "must have a title"],
    [{ name: "not a name" }, "must be an identifier"],
    [{ stub: "function other() {}" }, "the stub must define share"],
    [{ hints: [nudge, "", nudge] as const }, "hints must be three texts"],
    [{ hints: [nudge, formula, "divide"] as const }, "must define share in a block of ts code"],
    [{ checks: [] }, "checks must have distinct names"],
    [{ checks: [definition.checks[0]!, definition.checks[0]!] }, "checks must have distinct names"],
    [{ mistakes: [] }, "mistakes must have distinct titles"],
    [{ mistakes: [{ ...definition.mistakes[0]!, caught: "" }] }, "caught must not be empty"],
  ] as const;
  for (const [part, message] of wrong) {
    assertThrows(() => defineExercise({ ...definition, ...part }), TypeError, message);
  }
});

Deno.test("exerciseCell() holds the stub, and the check call below it", () => {
  const lines = exerciseCell(exercise).split("\n");
  assertEquals(lines[0], "// Exercise 99.1: Share alike");
  assertEquals(lines.at(-1), 'await check("99.1", share);');
  assertEquals(lines.slice(1, -1).join("\n"), exercise.stub);
});
