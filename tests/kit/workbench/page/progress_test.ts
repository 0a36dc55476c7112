import { assertEquals } from "@std/assert";
import { findNext, pointsOf } from "../../../../kit/workbench/page/progress.ts";
import type { ExerciseView } from "../../../../kit/workbench/protocol.ts";

const exercise = (id: string, earned: number): ExerciseView => ({
  id,
  title: id,
  points: 10,
  earned,
  status: earned === 10 ? "passed" : earned > 0 ? "partial" : "not attempted",
});

Deno.test("pointsOf() adds up what is earned and what can be", () => {
  assertEquals(pointsOf([exercise("1", 10), exercise("2", 4)]), { earned: 14, points: 20 });
  assertEquals(pointsOf([]), { earned: 0, points: 0 });
});

Deno.test("findNext() finds the first exercise that has not passed, in the order of the course", () => {
  const chapters = [
    { name: "00", exercises: [] },
    { name: "01", exercises: [exercise("01.1", 10), exercise("01.2", 4)] },
    { name: "02", exercises: [exercise("02.1", 0)] },
  ];
  assertEquals(findNext(chapters)?.exercise.id, "01.2");
  assertEquals(findNext(chapters)?.chapter, "01");
  assertEquals(findNext(chapters.slice(0, 1)), undefined);
});
