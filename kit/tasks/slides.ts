/** `deno task slides`: makes the decks alone. */
import "./require_deno.ts";

const { renderCourse } = await import("../build/mod.ts");
const { namedNotebooks, readArguments, root, runTask } = await import("./task.ts");

const usage = `
Usage: deno task slides [NOTEBOOK...]

Makes the decks in slides/ from the notebooks as they are, without running them, and prints their paths.
A NOTEBOOK is a path, a name, or what the name begins with, such as 01.

  -h, --help  show this
`;

const { positionals } = readArguments(usage, {}, { names: true });
const only = await namedNotebooks(positionals, usage);

await runTask(async () => {
  const { files, failures } = await renderCourse(root, { kinds: ["deck"], only });
  for (const file of files) console.log(file);
  const wanted = failures.filter(({ notebook }) => only.includes(notebook));
  for (const { notebook, message } of wanted) console.error(`${notebook}: ${message}`);
  return wanted.length === 0;
});
