/** `deno task build`: brings notebooks, pages and decks up to date. */
import "./require_deno.ts";

// Loaded later, so that an older Deno gets to say what it is before it meets syntax that it does not know.
const { buildCourse, consoleProgress, describeBuild, publishNotebooks, verifyNotebooks } =
  await import("../build/mod.ts");
const { namedNotebooks, readArguments, refuseArguments, root, runTask } = await import("./task.ts");

const usage = `
Usage: deno task build [--force] [--publish] [NOTEBOOK...]
       deno task build --verify [NOTEBOOK...]

Runs the notebooks that are stale, writes their outputs, and makes the pages in build/ and the decks in slides/.
A NOTEBOOK is a path, a name, or what the name begins with, such as 01.

  --force     run them even if nothing has changed that their outputs came from
  --publish   then make them the course's own, which a reset brings back; for authors
  --verify    run them in memory, and fail if a stored output differs, or the course's own copy; nothing is written
  -h, --help  show this
`;

const { values: { force = false, publish = false, verify = false }, positionals } = readArguments(
  usage,
  { force: { type: "boolean" }, publish: { type: "boolean" }, verify: { type: "boolean" } },
  { names: true },
);
if ((force || publish) && verify) {
  refuseArguments("--verify goes with neither --force nor --publish", usage);
}
const notebooks = await namedNotebooks(positionals, usage);
const progress = consoleProgress();

await runTask(async (signal) => {
  if (verify) {
    const messages = await verifyNotebooks({ root, notebooks, progress, signal });
    for (const message of messages) console.error(message);
    const result = messages.length === 0
      ? "every stored output is what a new run gives"
      : `${messages.length} problems`;
    console.log(`${notebooks.length} run again: ${result}`);
    return messages.length === 0;
  }
  const { text, well } = describeBuild(
    await buildCourse({ root, notebooks, force, progress, signal }),
  );
  if (publish && well) {
    const changed = await publishNotebooks(root, notebooks);
    console.log(`${changed.length} of ${notebooks.length} published`);
  }
  console.log(`${text}\nOpen build/index.html, or type: deno task start`);
  return well;
});
