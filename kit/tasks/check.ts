/** `deno task check`: all that can be found out without running a notebook. */
import "./require_deno.ts";

const { describeSources, findNotebooks, staleness } = await import("../build/mod.ts");
const { runDeno } = await import("../cells/mod.ts");
const { checkNotebooks, formatProblem, readNotebooks } = await import("../check/mod.ts");
const { readArguments, root, runTask } = await import("./task.ts");

const usage = `
Usage: deno task check [--no-freshness]

Checks the format, lint and types of the code and of the cells of all notebooks, and that the outputs of the notebooks are
fresh. Prints all problems.

  --no-freshness  do not look whether notebooks are stale
  -h, --help      show this
`;

const { values } = readArguments(usage, { "no-freshness": { type: "boolean" } });
const folders = ["lib", "kit", "tests"];

/**
 * What deno.json leaves unformatted, which an --ignore on the command line would replace; and all notebooks: Deno's check
 * reports those that its formatter would leave as they are.
 */
async function unformatted(): Promise<string[]> {
  const config = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  return [...config.fmt?.exclude ?? [], "**/*.ipynb"];
}

/** Runs Deno on the code; what it says, or nothing when all is well. */
async function code(args: string[]): Promise<string[]> {
  const { success, stdout, stderr } = await runDeno(args, root);
  return success ? [] : [
    `deno ${args.join(" ")}\n${`${stdout}${stderr}`.replace(/\nStack backtrace:[^]*$/, "").trim()}`,
  ];
}

await runTask(async () => {
  const notebooks = await findNotebooks(root);
  const freshness = async () => {
    const { notebooks: read } = await readNotebooks(notebooks, root);
    const records = await describeSources(read, root);
    return read.flatMap(({ path, book }, index) => {
      const record = records[index];
      const reasons = record ? staleness(book, record) : [];
      return reasons.length === 0 ? [] : [`${path} is stale: ${reasons.join(", ")}`];
    });
  };
  const parts: Record<string, Promise<string[]>> = {
    // The format of notebooks is checked cell by cell below.
    format: unformatted().then((paths) => code(["fmt", "--check", `--ignore=${paths}`])),
    lint: code(["lint", "--quiet"]),
    types: code(["check", "--quiet", ...folders]),
    cells: checkNotebooks(notebooks, { root }).then((problems) => problems.map(formatProblem)),
    ...!values["no-freshness"] && { freshness: freshness() },
  };
  const summary: string[] = [];
  for (const [name, part] of Object.entries(parts)) {
    const problems = await part;
    for (const problem of problems) console.error(`${problem}\n`);
    summary.push(`${name} ${problems.length === 0 ? "ok" : "FAILED"}`);
  }
  console.log(`Code and ${notebooks.length} chapters: ${summary.join(", ")}`);
  return summary.every((entry) => entry.endsWith(" ok"));
});
