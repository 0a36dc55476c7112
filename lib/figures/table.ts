import { type Displayed, displayed, escapeHtml } from "./displayed.ts";

/** What a cell of a table can hold. */
export type TableValue = string | number | boolean | null | undefined;

/**
 * Shows rows as a table, in a notebook and as plain text.
 *
 * @param rows Objects with the same keys; the keys are the headings.
 * @param caption A line above the table.
 * @throws {TypeError} when there are no rows: an empty table would look like a missing one.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { showTable } from "@fewer-bytes/figures";
 *
 * const table = showTable([{ format: "bf16", bits: 16 }, { format: "fp8", bits: 8 }]);
 * assertEquals(table.text, "format  bits\nbf16      16\nfp8        8");
 * ```
 */
export function showTable(
  rows: readonly Readonly<Record<string, TableValue>>[],
  caption?: string,
): Displayed & { readonly text: string } {
  const [first] = rows;
  if (!first) {
    throw new TypeError(
      "Cannot show a table as it must have at least one row: current length is 0",
    );
  }
  const headings = Object.keys(first);
  const cells = rows.map((row) => headings.map((heading) => write(row[heading])));
  const numeric = headings.map((_, column) =>
    cells.every((row) => /^([-+]?[\d.,]+(\s?\S{0,8})?|NaN|-?Infinity|)$/.test(row[column]!))
  );
  const text = layOut(headings, cells, numeric);
  const align = (column: number) => ` style="text-align: ${numeric[column] ? "right" : "left"}"`;
  const html = [
    // A caption element would be as narrow as its table, so a paragraph stands above it.
    caption ? `<p class="table-caption"><em>${escapeHtml(caption)}</em></p>` : "",
    caption ? `<table aria-label="${escapeHtml(caption)}">` : "<table>",
    `<thead><tr>${
      headings.map((heading, column) =>
        `<th scope="col"${align(column)}>${escapeHtml(heading)}</th>`
      ).join("")
    }</tr></thead>`,
    "<tbody>",
    ...cells.map((row) =>
      `<tr>${
        row.map((cell, column) => `<td${align(column)}>${escapeHtml(cell)}</td>`).join("")
      }</tr>`
    ),
    "</tbody></table>",
  ].join("\n");
  return {
    text,
    ...displayed({ "text/html": html, "text/plain": caption ? `${caption}\n${text}` : text }),
  };
}

function write(value: TableValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number" || !Number.isFinite(value)) return String(value);
  return Number.isInteger(value)
    ? value.toLocaleString("en-US")
    : Number(value.toPrecision(4)).toLocaleString("en-US", { maximumSignificantDigits: 4 });
}

function layOut(headings: string[], cells: string[][], numeric: boolean[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]!.length))
  );
  const line = (row: string[]) =>
    row.map((cell, column) =>
      numeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)
    ).join(
      "  ",
    ).trimEnd();
  return [headings, ...cells].map(line).join("\n");
}
