/** `deno task ledger`: holds the claims of the source documents against the library, and prints the verdicts. */
import { parseArgs } from "node:util";
import {
  assumptionsOf,
  chapterOf,
  ledger,
  ledgerChapters,
  ledgerRows,
  systems,
  systemStatuses,
} from "@fewer-bytes/claims";
import { claimTable, type Style, systemTable } from "./ledger_table.ts";

const usage = `Usage: deno task ledger [options]

Derives the claims of the source documents from catalog and library, and says which of them hold.

  --chapter NN   only this chapter, such as 01
  --all          also claims that nothing is derived for yet
  --systems      the systems instead of the claims: which the library models, and by which function
  --json         for programs
  --help         this text
`;

/** What a run prints, and how it ends. */
export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const options = {
  chapter: { type: "string" },
  all: { type: "boolean" },
  systems: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Runs the command on its arguments, and returns what it would print. */
export function runLedger(
  args: readonly string[],
  style: Style = { width: 100, color: false },
): Output {
  let values;
  try {
    values = parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return misused((error as Error).message.split(". ")[0]!);
  }
  if (values.help) return printed(usage);
  const { all = false, json = false } = values;
  const chapter = values.chapter?.replace(/^\d$/, "0$&");
  const chapters: readonly string[] = values.systems ? systemChapters : ledgerChapters;
  if (chapter !== undefined && !chapters.includes(chapter)) {
    return misused(
      `Unknown chapter ${JSON.stringify(values.chapter)}: there are ${chapters.join(", ")}`,
    );
  }
  if (values.systems) {
    const wanted = systemStatuses().filter((system) =>
      chapter === undefined || system.chapter === chapter
    );
    const records = wanted.map(({ id, chapter, works, by }) => ({ id, chapter, works, by }));
    return printed(json ? jsonText(records) : systemTable(wanted));
  }
  if (json) return printed(jsonText(claimRecords(chapter, all)));
  const rows = ledgerRows(chapter, { all });
  return printed(
    rows.length > 0
      ? claimTable(rows, style)
      : `No claim of chapter ${chapter} is derived yet: see --all\n`,
  );
}

const systemChapters = [...new Set(systems.map(chapterOf))].toSorted();
const printed = (stdout: string): Output => ({ code: 0, stdout, stderr: "" });
const misused = (problem: string): Output => ({
  code: 2,
  stdout: "",
  stderr: `${problem}\n\n${usage}`,
});
const jsonText = (value: unknown) => JSON.stringify(value, null, 2) + "\n";

function claimRecords(chapter: string | undefined, all: boolean) {
  return ledger(chapter, { all }).map((entry) => {
    const { id, chapter, stated, derived, unit, ratio, verdict } = entry;
    return {
      id,
      chapter,
      stated,
      derived,
      unit,
      ratio,
      verdict,
      assumptions: assumptionsOf(entry),
    };
  });
}

/** Writes all of a text; a reader that has gone away, such as `head`, has read what it wanted. */
async function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): Promise<void> {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(await stream.write(rest));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

if (import.meta.main) {
  const terminal = Deno.stdout.isTerminal();
  const width = terminal ? Math.min(Math.max(Deno.consoleSize().columns, 60), 120) : 100;
  const { code, stdout, stderr } = runLedger(Deno.args, {
    width,
    color: terminal && !Deno.noColor,
  });
  await write(Deno.stderr, stderr);
  await write(Deno.stdout, stdout);
  Deno.exitCode = code;
}
