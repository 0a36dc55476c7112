/**
 * `deno task bench:kill [ROUNDS]`: types and runs on a copy of the course, and kills the workbench (in every second round
 * its kernel first) at a random moment, again and again; 200 times unless told. Prints whether each notebook was valid
 * afterwards, held what had been called saved, and what was left behind.
 */
import { parseNotebook, text } from "../../kit/notebook/mod.ts";
import type { ServerMessage } from "../../kit/workbench/protocol.ts";
import { startCopy, startIn } from "../kit/workbench/start_copy.ts";
import { seeded } from "@fewer-bytes/numeric";

const rounds = Number(Deno.args[0] ?? 200);
const random = seeded(8);
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const chapter = "01_memory_wall";
/** The code cell in which is typed, among all cells. */
const typed = 43;

/** What is typed: numbered, and long enough to show something. */
const code = (edit: number) =>
  `console.log(${edit}); for (let i = 0; i < 300; i++) console.log("${"x".repeat(50)}");`;
const numberIn = (source: string) => Number(source.match(/^console\.log\((\d+)\)/)?.[1] ?? 0);

/** A page of the chapter: what was sent and what was called saved. */
class Page {
  saved = 0;
  readonly opened: Promise<void>;

  constructor(private readonly socket: WebSocket, private readonly first: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.opened = promise;
    socket.onmessage = ({ data }) => {
      const message: ServerMessage = JSON.parse(data);
      if (message.type === "chapter") resolve();
      if (message.type === "saved") this.saved = this.first + message.edit;
    };
  }

  static async open(address: string, first: number): Promise<Page> {
    const { host, origin } = new URL(address);
    const answer = await fetch(address, { redirect: "manual" });
    await answer.body?.cancel();
    const [cookie = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
    const options = { headers: { cookie, origin } };
    // Deno's own option, which the types of the browser's WebSocket do not know.
    const socket = new WebSocket(
      `ws://${host}/api/chapters/${chapter}/live`,
      options as unknown as string[],
    );
    const page = new Page(socket, first);
    await page.opened;
    return page;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }
}

const course = await startCopy();
await course.kill();
const path = `${course.root}/notebooks/${chapter}.ipynb`;
const count = { saved: 0, invalid: 0, lost: 0, temporary: 0, kernelsKilled: 0 };
let edits = 0;
let lastSaved = 0;
for (let round = 0; round < rounds; round++) {
  const started = await startIn(course.root);
  const page = await Page.open(started.address, edits);
  const id = JSON.parse(await Deno.readTextFile(path)).cells[typed].id;
  const end = performance.now() + random.uniform() * 1500;
  for (let edit = 1; performance.now() < end; edit++) {
    page.send({ type: "edit", cell: id, source: code(++edits), edit });
    if (edit % 3 === 1) page.send({ type: "run", cells: [id] });
    await pause(20 + random.uniform() * 60);
  }
  if (round % 2 === 0) {
    const args = ["-9", "-P", String(started.pid), "-f", "jupyter"];
    if ((await new Deno.Command("pkill", { args }).output()).success) count.kernelsKilled++;
    await pause(random.uniform() * 60);
  }
  await started.kill();
  if (page.saved > 0) count.saved++;
  lastSaved = Math.max(lastSaved, page.saved);
  try {
    const book = parseNotebook(await Deno.readTextFile(path), chapter);
    if (numberIn(text(book.cells[typed]!.source)) < lastSaved) count.lost++;
  } catch {
    count.invalid++;
  }
  for await (const { name } of Deno.readDir(`${course.root}/notebooks`)) {
    if (name.endsWith(".tmp")) count.temporary++;
  }
  await Deno.stdout.write(new TextEncoder().encode(`\r${round + 1} of ${rounds}`));
}
await Deno.remove(course.root, { recursive: true });
console.log(`
in ${count.saved} rounds something had been called saved, in ${count.kernelsKilled} the kernel was killed first
${count.invalid} invalid notebooks, ${count.lost} without what had been called saved
${count.temporary} temporary files left until the next start`);
Deno.exit(count.invalid + count.lost > 0 ? 1 : 0);
