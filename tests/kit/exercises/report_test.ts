import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Grade } from "../../../kit/exercises/grade.ts";
import { gradesCsv, gradesJson, gradesTable } from "../../../kit/exercises/report.ts";
import { defineExercise } from "../../../kit/exercises/suite.ts";
import { definition, exercise } from "./fixtures/exercise.ts";

const grades: Grade[] = [
  {
    notebook: "ada.ipynb",
    exercise,
    status: "partial",
    earned: 7,
    checks: [
      { name: "shares 12 bytes among 3", passed: true, message: "" },
      { name: "shares 1 byte among 8", passed: true, message: "" },
      { name: "refuses no parts", passed: false, message: "expected an error, got Infinity" },
    ],
  },
  {
    notebook: "=cmd,1.ipynb",
    exercise: defineExercise({ ...definition, id: "99.2", title: 'The "second"' }),
    status: "not attempted",
    earned: 0,
    checks: [{ name: "shares 12 bytes among 3", passed: false, message: "not attempted" }],
  },
];

Deno.test("gradesJson() holds exactly the documented fields, and the notebook where there are several", () => {
  const { exercises } = JSON.parse(gradesJson(grades));
  assertEquals(exercises[0], {
    id: "99.1",
    chapter: "99",
    points: 10,
    earned: 7,
    status: "partial",
    checks: grades[0]!.checks,
  });
  assertEquals(
    JSON.parse(gradesJson(grades, { notebooks: true })).exercises[1].notebook,
    "=cmd,1.ipynb",
  );
});

Deno.test("gradesCsv() quotes what needs it, and keeps a spreadsheet from running a file name", () => {
  assertEquals(gradesCsv(grades).split("\r\n"), [
    "notebook,id,chapter,title,points,earned,status",
    "ada.ipynb,99.1,99,Share alike,10,7,partial",
    `"'=cmd,1.ipynb",99.2,99,"The ""second""",10,0,not attempted`,
    "",
  ]);
});

Deno.test("gradesTable() shows each exercise, what failed, and the total", () => {
  const lines = gradesTable(grades).split("\n").map((line) => line.replaceAll(/ +/g, " ").trim());
  assertEquals(lines, [
    "id title points status",
    "99.1 Share alike 7/10 partial",
    "✗ refuses no parts: expected an error, got Infinity",
    '99.2 The "second" 0/10 not attempted',
    "total 7/20",
  ]);
  assertStringIncludes(gradesTable([]), "0/0");
});
