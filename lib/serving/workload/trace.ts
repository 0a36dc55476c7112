import { type RequestEntry, type Requests, requests } from "./requests.ts";

/** Names under which public traces keep their columns, lower case. */
const columnNames = {
  arrival: ["arrival", "arrived_at", "timestamp", "time", "seconds"],
  promptTokens: [
    "prompt_tokens",
    "prompttokens",
    "num_prefill_tokens",
    "contexttokens",
    "request tokens",
    "input_tokens",
  ],
  outputTokens: [
    "output_tokens",
    "outputtokens",
    "num_decode_tokens",
    "generatedtokens",
    "response tokens",
  ],
} as const;

/**
 * Reads a trace of one's own: a CSV with a heading, one request a line.
 *
 * Columns are found by their names: an arrival in seconds or as a date, prompt tokens and output tokens, under the names
 * that Azure, BurstGPT, Sarathi-Serve and Vidur use. Other columns are ignored, except `prefix` with `prefix_tokens` and
 * `pause_after` with `pause_seconds`. Times are counted from the earliest one.
 *
 * @param text The file.
 * @throws {SyntaxError} when a column is missing, or a value is missing or no number; the message names the line. A trace
 * with holes is refused and never filled in.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseTrace } from "@fewer-bytes/serving";
 *
 * const trace = parseTrace("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10\n");
 * assertEquals([...trace.promptTokens, ...trace.outputTokens, ...trace.arrival], [4808, 10, 0]);
 * ```
 */
export function parseTrace(text: string): Requests {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const heading = lines[0]!.split(",").map((name) => name.trim().toLowerCase());
  const find = (names: readonly string[]) => heading.findIndex((name) => names.includes(name));
  const columns = Object.fromEntries(
    Object.entries(columnNames).map(([key, names]) => {
      const index = find(names);
      if (index < 0) {
        throw new SyntaxError(
          `Cannot read a trace as its first line must name a column for ${key}, ` +
            `such as ${names.join(" or ")}: current value is ${JSON.stringify(lines[0])}`,
        );
      }
      return [key, index];
    }),
  ) as Record<keyof typeof columnNames, number>;
  const optional = {
    prefix: find(["prefix"]),
    prefixTokens: find(["prefix_tokens"]),
    pauseAfter: find(["pause_after"]),
    pauseSeconds: find(["pause_seconds"]),
  };
  for (const pair of [["prefix", "prefixTokens"], ["pauseAfter", "pauseSeconds"]] as const) {
    if ((optional[pair[0]] < 0) !== (optional[pair[1]] < 0)) {
      throw new SyntaxError(
        `Cannot read a trace as prefix goes with prefix_tokens, and pause_after with pause_seconds: ` +
          `current value is ${JSON.stringify(lines[0])}`,
      );
    }
  }
  const entries: RequestEntry[] = [];
  for (let line = 1; line < lines.length; line++) {
    if (lines[line]!.trim() === "") continue;
    const cells = lines[line]!.split(",").map((cell) => cell.trim());
    const read = (column: number, minimum: number) => {
      const value = readNumber(cells[column]);
      if (value === undefined || value < minimum) {
        throw new SyntaxError(
          `Cannot read a trace as line ${line + 1} must have a number >= ${minimum} for ${
            heading[column]
          }: current value is ${JSON.stringify(cells[column] ?? "")}`,
        );
      }
      return value;
    };
    entries.push({
      arrival: read(columns.arrival, -Infinity),
      promptTokens: read(columns.promptTokens, 1),
      outputTokens: read(columns.outputTokens, 1),
      ...(optional.prefix >= 0 && {
        prefix: read(optional.prefix, -1),
        prefixTokens: read(optional.prefixTokens, 0),
      }),
      ...(optional.pauseAfter >= 0 && {
        pauseAfter: read(optional.pauseAfter, 0),
        pauseSeconds: read(optional.pauseSeconds, 0),
      }),
    });
  }
  const first = entries.reduce((least, { arrival }) => Math.min(least, arrival), Infinity);
  return requests(entries.map((entry) => ({ ...entry, arrival: entry.arrival - first })));
}

/** A number, or a date in seconds; undefined when it is neither. */
function readNumber(cell: string | undefined): number | undefined {
  if (!cell) return undefined;
  const number = Number(cell);
  if (Number.isFinite(number)) return number;
  const date = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?/.exec(cell);
  if (!date) return undefined;
  const whole = Date.parse(`${date[0].slice(0, 19).replace(" ", "T")}Z`) / 1000;
  return Number.isFinite(whole) ? whole + Number(date[1] ?? 0) : undefined;
}
