/** One message of the type checker, at a place in a file. Lines and columns count from 1. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  /** The URL of the file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const header = /^(TS\d+) \[ERROR\]: (.*)$/;
const place = /^ {4}at (\S+?):(\d+):(\d+)$/;
const caret = /^\s*[~^]+\s*$/;

/**
 * Reads what `deno check` writes. Remarks that belong to another message ("The expected type comes from …") are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const written = `TS2322 [ERROR]: Type 'string' is not assignable to type 'number'.
 * let q: number = "a";
 *     ^
 *     at file:///tmp/a.ts:1:5
 * `;
 * const message = "Type 'string' is not assignable to type 'number'.";
 * assertEquals(parseDiagnostics(written), [{ code: "TS2322", message, file: "file:///tmp/a.ts", line: 1, column: 5 }]);
 * ```
 */
export function parseDiagnostics(written: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  let open: { code: string; lines: string[] } | undefined;
  for (const text of written.split("\n")) {
    const [, code, first = ""] = text.match(header) ?? [];
    const [, file, line, column] = text.match(place) ?? [];
    if (code) {
      // A remark is printed like a message, but indented.
      open = first.startsWith("  ") ? undefined : { code, lines: [first] };
    } else if (open && file) {
      found.push({
        code: open.code,
        message: open.lines.join("\n"),
        file,
        line: Number(line),
        column: Number(column),
      });
      open = undefined;
    } else if (open && caret.test(text)) {
      open.lines.pop();
    } else open?.lines.push(text);
  }
  return found;
}

/** Reads why modules cannot even be loaded, which `deno check` reports before it checks any; undefined if it is not that. */
export function parseLoadError(written: string): Diagnostic | undefined {
  const [, message, file, line, column] =
    written.match(/^error: ([^]*?)\n {4}at (\S+?):(\d+):(\d+)$/m) ?? [];
  if (!message || !file) return undefined;
  return { code: "import", message, file, line: Number(line), column: Number(column) };
}
