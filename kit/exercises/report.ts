/** Writes grades as a table, as JSON, as CSV. */
import type { Grade } from "./grade.ts";

/** The grades as JSON: `{ exercises: [{ id, chapter, points, earned, status, checks }] }`. */
export function gradesJson(
  grades: readonly Grade[],
  { notebooks = false }: { notebooks?: boolean } = {},
): string {
  const exercises = grades.map((
    { notebook, exercise: { id, chapter, points }, earned, status, checks },
  ) => ({
    ...notebooks ? { notebook } : {},
    id,
    chapter,
    points,
    earned,
    status,
    checks,
  }));
  return JSON.stringify({ exercises }, null, 2) + "\n";
}

/** One field of CSV. Text that a spreadsheet would run as a formula is kept from that by a quote. */
function field(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value)
    ? `'${value}`
    : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The grades as CSV, one line an exercise of a notebook. */
export function gradesCsv(grades: readonly Grade[]): string {
  const rows = grades.map((
    { notebook, exercise: { id, chapter, title, points }, earned, status },
  ) => [notebook, id, chapter, title, points, earned, status].map(field).join(","));
  return ["notebook,id,chapter,title,points,earned,status", ...rows].join("\r\n") + "\r\n";
}

/** The grades as a table for the terminal, with what is wrong below each exercise and the total at the end. */
export function gradesTable(grades: readonly Grade[]): string {
  const width = Math.max(5, ...grades.map(({ exercise }) => exercise.title.length));
  const row = (id: string, title: string, score: string, status: string) =>
    `${id.padEnd(6)}${title.padEnd(width)}  ${score.padStart(9)}  ${status}`.trimEnd();
  const lines = grades.flatMap(({ exercise: { id, title, points }, earned, status, checks }) => [
    row(id, title, `${earned}/${points}`, status),
    ...checks.flatMap(({ name, passed, message }) =>
      passed || status === "not attempted" ? [] : [`        ✗ ${name}: ${message}`]
    ),
  ]);
  const earned = grades.reduce((sum, grade) => sum + grade.earned, 0);
  const points = grades.reduce((sum, grade) => sum + grade.exercise.points, 0);
  return [
    row("id", "title", "points", "status"),
    ...lines,
    row("", "total", `${earned}/${points}`, ""),
  ].join("\n");
}
