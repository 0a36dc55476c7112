/** The workbench over HTTP and WebSocket, on a small course of its own. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseNotebook, text } from "../../../kit/notebook/mod.ts";
import { listen } from "../../../kit/serve/mod.ts";
import { createApp, newSecret, Workbench } from "../../../kit/workbench/mod.ts";
import type { ClientMessage, ServerMessage } from "../../../kit/workbench/protocol.ts";
import { mayRun, notebookOf, Project } from "../check/project.ts";

const ignore = !mayRun || Deno.permissions.querySync({ name: "net" }).state !== "granted";
const book = notebookOf(
  { markdown: "# The *first*\n\nWhat it is about.\n\n## Ridge\n\nWhere the ridge point is." },
  "1 + 1",
  `console.log("hello")`,
);
const files = {
  "notebooks/01_first.ipynb": book,
  "notebooks/02_second.ipynb": notebookOf({ markdown: "# The second" }, "2"),
  "notebooks/03_broken.ipynb": "{",
  "data/chapters/01_first.ipynb": book,
  "data/chapters/02_second.ipynb": notebookOf({ markdown: "# The second" }, "2"),
  "data/glossary.json": JSON.stringify([{
    term: "ridge point",
    definition: "Where the two bounds meet.",
    chapter: "01_first",
    section: "Ridge",
  }]),
  "secret.txt": "secret",
};

/** A workbench that listens, as `deno task start` makes it. */
class Served implements AsyncDisposable {
  readonly key = newSecret();
  readonly url: string;
  readonly cookie: string;
  readonly #server;

  private constructor(readonly project: Project, readonly workbench: Workbench) {
    const body = new TextEncoder().encode("script");
    const asset = { type: "text/javascript", body, gzip: false };
    const find = (name: string) => Promise.resolve(name === "workbench.js" ? asset : undefined);
    const app = createApp(workbench, { find }, this.key);
    this.#server = listen((request) => app.fetch(request), { port: 0 });
    this.url = this.#server.url.replace(/\/$/, "");
    this.cookie = `fewer-bytes-${new URL(this.url).port}=${this.key}`;
  }

  static async create(): Promise<Served> {
    const project = await Project.create(files);
    return new Served(project, await Workbench.open({ root: project.root, closeAfter: 0.05 }));
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { cookie: this.cookie, ...headers } });
  }

  async json(path: string): Promise<unknown> {
    return await (await this.get(path)).json();
  }

  /** The page of a chapter, without the page. */
  async open(name: string, headers: Record<string, string> = {}): Promise<Socket> {
    const url = `${this.url}/api/chapters/${name}/live`.replace("http", "ws");
    // Deno's own option, which the types of the browser's WebSocket do not know.
    const options = { headers: { cookie: this.cookie, origin: this.url, ...headers } };
    return await Socket.of(new WebSocket(url, options as unknown as string[]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workbench[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    await this.project[Symbol.asyncDispose]();
  }
}

/** A WebSocket that remembers what came. */
class Socket {
  readonly heard: ServerMessage[] = [];
  readonly closed: Promise<CloseEvent>;

  private constructor(private readonly socket: WebSocket) {
    const closed = Promise.withResolvers<CloseEvent>();
    this.closed = closed.promise;
    socket.onmessage = ({ data }) => this.heard.push(JSON.parse(data));
    socket.onclose = closed.resolve;
  }

  static async of(socket: WebSocket): Promise<Socket> {
    const opened = new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = (event) => reject(new Error((event as ErrorEvent).message));
    });
    const remembering = new Socket(socket);
    await opened;
    return remembering;
  }

  send(message: ClientMessage | string): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Waits for a message of a kind that fits, and takes all up to it. */
  async until<T extends ServerMessage["type"]>(
    type: T,
    fits: (message: Extract<ServerMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    for (;;) {
      const index = this.heard.findIndex((message) =>
        message.type === type && fits(message as Extract<ServerMessage, { type: T }>)
      );
      if (index >= 0) {
        return this.heard.splice(0, index + 1).at(-1) as Extract<ServerMessage, { type: T }>;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

Deno.test({
  name:
    "the workbench answers with the course, a chapter's place, search and glossary, and names what cannot be read",
  ignore,
  async fn() {
    await using served = await Served.create();
    const course = await served.json("/api/course") as Record<string, unknown[]>;
    assertEquals((course["chapters"] as { title: string }[]).map(({ title }) => title), [
      "The <em>first</em>",
      "The second",
      "03_broken",
    ]);
    assertMatch(JSON.stringify(course["unreadable"]), /03_broken.*not JSON/);
    const [hit] = await served.json("/api/search?q=ridge%20point") as Record<string, unknown>[];
    assertEquals([hit?.["chapter"], hit?.["anchor"]], ["01_first", "ridge"]);
    assertEquals(await served.json("/api/search"), []);
    const [entry] = await served.json("/api/glossary") as Record<string, unknown>[];
    assertEquals([entry?.["term"], entry?.["anchor"]], ["ridge point", "ridge"]);
  },
});

Deno.test({
  name:
    "a page may run this server's own script alone, load nothing from elsewhere, and be framed nowhere",
  ignore,
  async fn() {
    await using served = await Served.create();
    for (const path of ["/", "/chapters/01_first", "/glossary", "/search?q=x"]) {
      const answer = await served.get(path);
      assertEquals([path, answer.status], [path, 200]);
      const policy = answer.headers.get("content-security-policy") ?? "";
      assertStringIncludes(policy, "default-src 'none'; script-src 'self';");
      assertStringIncludes(policy, "frame-ancestors 'none'");
      assertEquals(answer.headers.get("x-content-type-options"), "nosniff");
      assert(!/<script(?![^>]*\ssrc="\/assets\/)/.test(await answer.text()));
    }
    assertEquals(await (await served.get("/assets/workbench.js")).text(), "script");
  },
});

Deno.test({
  name: "a deck opens as it is and as the course made it, and lets only its own scripts run",
  ignore,
  async fn() {
    await using served = await Served.create();
    const deck = async (path: string) => {
      const answer = await served.get(`/decks/${path}`);
      return {
        status: answer.status,
        policy: answer.headers.get("content-security-policy") ?? "",
        text: await answer.text(),
      };
    };
    await served.project.write(
      "notebooks/01_first.ipynb",
      notebookOf({ markdown: "# Mine\n\n<script>alert(1)</script>" }),
    );
    const own = await deck("01_first/own");
    assertEquals(own.status, 200);
    assertStringIncludes(own.text, "<h1>Mine</h1>");
    const [, nonce] = own.policy.match(/script-src 'nonce-([\w-]{32})';/) ?? [];
    assert(nonce !== undefined && !own.policy.includes("script-src 'unsafe"), own.policy);
    const scripts = own.text.match(/<script\b[^>]*>/g)!.filter((tag) => !tag.includes(nonce));
    assertEquals(scripts, ["<script>"]);
    const course = await deck("01_first/course");
    assertStringIncludes(course.text, "The <em>first</em>");
    assert(!course.text.includes(nonce), "each deck has a mark of its own");
    for (const none of ["04_none/own", "01_first/other", "01_first", "..%2f..%2fsecret/own"]) {
      assertEquals([none, (await deck(none)).status], [none, 404]);
    }
    assertEquals((await deck("03_broken/own")).status, 500);
  },
});

Deno.test({
  name: "nothing outside of what a page needs is served, in whatever way it is asked for",
  ignore,
  async fn() {
    await using served = await Served.create();
    const paths = [
      "/secret.txt",
      "/deno.json",
      "/notebooks/01_first.ipynb",
      "/chapters/04_none",
      "/chapters/..%2fsecret.txt",
      "/chapters/%2e%2e%2f%2e%2e",
      "/assets/none.js",
      "/assets/../deno.json",
      "/assets/..%2fdeno.json",
      "/assets/fonts/..%2f..%2fpackage.json",
      "/assets/fonts/none.woff2",
      "/api",
      "/api/chapters/04_none/live",
      "/api/chapters/..%2f..%2fsecret/live",
      "/api/chapters/01_first%00/live",
      "/api/chapters/01_first/live",
    ];
    for (const path of paths) {
      const answer = await served.get(path);
      assertEquals([path, answer.status], [path, 404]);
      assert(!(await answer.text()).includes("secret\n"));
    }
    // A client that does not tidy up the path first, as fetch() does.
    const { host, hostname, port } = new URL(served.url);
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const request = `GET /chapters/../secret.txt HTTP/1.1\r\nHost: ${host}\r\n` +
      `Cookie: ${served.cookie}\r\nConnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(request));
    assertStringIncludes(await new Response(connection.readable).text(), "HTTP/1.1 404");
  },
});

Deno.test({
  name:
    "a chapter opens as the page shows it; an edit is saved, seen by other pages, and kept; a run streams",
  ignore,
  async fn() {
    await using served = await Served.create();
    const page = await served.open("01_first");
    const { chapter } = await page.until("chapter");
    assertEquals(chapter.link.plainTitle, "The first");
    assertEquals([chapter.previous, chapter.next?.name], [null, "02_second"]);
    assertEquals(chapter.contents, [{ id: "ridge", html: "Ridge" }]);
    assertEquals(chapter.cells.map((cell) => cell.kind === "code" ? cell.source : cell.kind), [
      "prose",
      "1 + 1",
      `console.log("hello")`,
    ]);
    const other = await served.open("01_first");
    await other.until("chapter");
    page.send({ type: "edit", cell: "cell-2", source: "3 + 4", edit: 1 });
    page.send({ type: "run", cells: ["cell-2", "cell-3"] });
    assertEquals((await other.until("source")).source, "3 + 4");
    await page.until("saved", ({ edit }) => edit === 1);
    const { html } = await other.until(
      "outputs",
      ({ cell, html }) => cell === "cell-2" && html.length > 0,
    );
    assertStringIncludes(html[0]!, "7");
    await page.until("state", ({ cell, seconds }) => cell === "cell-3" && seconds !== undefined);
    await page.close();
    await other.close();
    const path = "notebooks/01_first.ipynb";
    let saved;
    do {
      saved = parseNotebook(await served.project.read(path), path).cells[2];
    } while (saved?.cell_type === "code" && saved.outputs.length === 0);
    assert(saved?.cell_type === "code");
    assertEquals(saved.outputs, [{ name: "stdout", output_type: "stream", text: ["hello\n"] }]);
    const [, edited] = parseNotebook(await served.project.read(path), path).cells;
    assertEquals(text(edited!.source), "3 + 4");
  },
});

Deno.test({
  name: "a page that opens while a cell runs sees what the cell has shown, and then the rest",
  ignore,
  async fn() {
    await using served = await Served.create();
    const page = await served.open("01_first");
    await page.until("chapter");
    const source =
      `console.log("one"); await new Promise((r) => setTimeout(r, 400)); console.log("two");`;
    page.send({ type: "edit", cell: "cell-2", source, edit: 1 });
    page.send({ type: "run", cells: ["cell-2"] });
    await page.until("outputs", ({ html }) => html.length > 0);
    const late = await served.open("01_first");
    const { chapter } = await late.until("chapter");
    const cell = chapter.cells.find(({ id }) => id === "cell-2");
    assert(cell?.kind === "code");
    assertEquals([cell.state, cell.outputs.length], ["running", 1]);
    assertStringIncludes(cell.outputs[0]!, "<pre>one</pre>");
    assertEquals((await late.until("text")).text, "\ntwo");
    await page.close();
    await late.close();
  },
});

Deno.test({
  name: "what is no message closes the connection; what cannot be done is said; the others go on",
  ignore,
  async fn() {
    await using served = await Served.create();
    const page = await served.open("01_first");
    const other = await served.open("01_first");
    await page.until("chapter");
    await other.until("chapter");
    for (
      const message of [
        { type: "run", cells: ["cell-1"] },
        { type: "run", cells: ["none"] },
        { type: "edit", cell: "../x", source: "1", edit: 1 },
        { type: "hint", exercise: `");Deno.exit(` },
        { type: "reference", exercise: "01.1" },
        { type: "resetExercise", exercise: "99.9" },
        { type: "restore", backup: "../../secret.txt" },
        { type: "restore", backup: "none.ipynb" },
      ] satisfies ClientMessage[]
    ) {
      page.send(message);
      assertMatch((await page.until("notice")).text, /^Cannot /);
    }
    page.send("{");
    assertEquals((await page.closed).code, 1008);
    other.send({ type: "run", cells: ["cell-3"] });
    await other.until("state", ({ seconds }) => seconds !== undefined);
    await other.close();
  },
});

Deno.test({
  name: "a WebSocket of another site's page, or without the cookie, is not opened",
  ignore,
  async fn() {
    await using served = await Served.create();
    for (
      const headers of [{ origin: "http://evil.example" }, { origin: "null" }, { cookie: "x=1" }]
    ) {
      const outcome = await served.open("01_first", headers).then(() => "opened", () => "refused");
      assertEquals([headers, outcome], [headers, "refused"]);
    }
  },
});
