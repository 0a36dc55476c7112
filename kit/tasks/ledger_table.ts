import type { LedgerRow, SystemStatus, Verdict } from "@fewer-bytes/claims";

/** How the text is set. */
export interface Style {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

/** The color of each verdict, as the terminal numbers them, in the order in which they are counted. */
const colors: Record<Verdict, number> = {
  "reproduced": 32,
  "holds under other conditions": 33,
  "contradicted": 31,
  "cited only": 36,
  "not derived yet": 2,
};
const [bold, dim] = [1, 2];
/** Longer figures push the rest of their line aside, rather than every line. */
const widestFigure = 22;

/** The ledger as a table, chapter by chapter: a line of figures, and below it the claim and how it was derived. */
export function claimTable(rows: readonly LedgerRow[], { width, color }: Style): string {
  const paint = (text: string, code: number) => color ? `\x1b[${code}m${text}\x1b[0m` : text;
  const header = ["verdict", "stated", "derived", "ratio"];
  // A remark in the unit, as in "10 x (order of magnitude)", is about what was stated.
  const cells = (
    { verdict, stated, derived, ratio }: LedgerRow,
  ) => [verdict, stated, derived.replace(/ \(.*\)$/, ""), ratio];
  const widths = columnWidths([header, ...rows.map(cells)]).map((width, column) =>
    column === 0 ? width : Math.min(width, widestFigure)
  );
  const lines: string[] = [];
  for (const [chapter, members] of Map.groupBy(rows, (row) => row.chapter)) {
    if (lines.length > 0) lines.push("");
    const title = /^\d/.test(chapter) ? `Chapter ${chapter}` : "Out of scope";
    const [first, ...others] = wrapped(`${title}: ${counts(members)}`, width);
    lines.push(
      ...[first!.trimStart(), ...others].map((line) => paint(line, bold)),
      "",
      paint(padded(header, widths), bold),
    );
    for (const row of members) {
      const figures = padded(cells(row), widths);
      lines.push("", paint(row.verdict, colors[row.verdict]) + figures.slice(row.verdict.length));
      lines.push(...wrapped(`${row.id}: ${row.claim}`, width));
      lines.push(...wrapped(row.how, width).map((line) => paint(line, dim)));
    }
  }
  return lines.join("\n") + "\n";
}

/** The systems as a table. */
export function systemTable(statuses: readonly SystemStatus[]): string {
  const header = ["chapter", "system", "works", "by, or why not"];
  const rows = statuses.map((
    { id, chapter, works, by, reason },
  ) => [chapter, id, works ? "yes" : "no", by ?? reason ?? ""]);
  const widths = columnWidths([header, ...rows]);
  const working = statuses.filter(({ works }) => works).length;
  const lines = [header, ...rows].map((row) => padded(row, widths));
  return [`${working} of ${statuses.length} systems are modeled`, "", ...lines].join("\n") + "\n";
}

function counts(rows: readonly LedgerRow[]): string {
  const byVerdict = Map.groupBy(rows, ({ verdict }) => verdict);
  const parts = (Object.keys(colors) as Verdict[]).flatMap((verdict) => {
    const count = byVerdict.get(verdict)?.length;
    return count ? [`${count} ${verdict}`] : [];
  });
  return `${rows.length} ${rows.length === 1 ? "claim" : "claims"}: ${parts.join(", ")}`;
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  return rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
}

/** Each cell begins at its column, or two places behind the one before it where that was too long. */
function padded(cells: readonly string[], widths: readonly number[]): string {
  let line = "", start = 0;
  cells.forEach((cell, column) => {
    line = (column === 0 ? "" : `${line}  `).padEnd(start) + cell;
    start += widths[column]! + 2;
  });
  return line.trimEnd();
}

/** Breaks a paragraph between words and indents it; a word longer than a line stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter(Boolean)) {
    if (line && 3 + line.length + word.length > width) {
      lines.push(`  ${line}`);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, `  ${line}`] : lines;
}
