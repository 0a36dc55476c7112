import { assertEquals, assertStringIncludes } from "@std/assert";
import { createSite, listen } from "../../../kit/serve/mod.ts";
import { mayRun, Project } from "../check/project.ts";

const files = {
  "build/index.html": "<p>index",
  "build/01_a.html": "<p>chapter",
  "build/.hidden": "secret",
  "slides/01_a.html": "<p>deck",
  "slides/theme.css": "p {}",
  "lib/a.ts": "secret",
  "buildings/a.html": "secret",
};
const local = "http://127.0.0.1:8000";
const ignore = !mayRun;

Deno.test({
  name: "the site serves pages and decks with their types, for GET and HEAD",
  ignore,
  async fn() {
    await using project = await Project.create(files);
    const site = createSite(project.root);
    const page = await site.request(`${local}/build/01_a.html`);
    assertEquals([page.status, page.headers.get("content-type"), await page.text()], [
      200,
      "text/html; charset=utf-8",
      "<p>chapter",
    ]);
    assertEquals(page.headers.get("x-content-type-options"), "nosniff");
    assertEquals(await (await site.request(`${local}/build/`)).text(), "<p>index");
    assertEquals(
      (await site.request(`${local}/slides/theme.css`)).headers.get("content-type"),
      "text/css; charset=utf-8",
    );
    const head = await site.request(`${local}/slides/01_a.html`, { method: "HEAD" });
    assertEquals([head.status, await head.text()], [200, ""]);
    assertEquals((await site.request(`${local}/`)).headers.get("location"), "/build/");
    assertEquals((await site.request(`${local}/build`)).headers.get("location"), "/build/");
  },
});

Deno.test({
  name:
    "the site answers 404 with a way home for what is not there, for folders, hidden files and what lies outside",
  ignore,
  async fn() {
    await using project = await Project.create(files);
    await Deno.symlink(`${project.root}/lib/a.ts`, `${project.root}/build/link.html`);
    const site = createSite(project.root);
    const paths = [
      "/build/none.html",
      "/slides/",
      "/slides",
      "/lib/a.ts",
      "/deno.json",
      "/buildings/a.html",
      "/build/.hidden",
      "/build/%2ehidden",
      "/build/link.html",
      "/build/..%2flib%2fa.ts",
      "/build/%2e%2e%2flib/a.ts",
      "/build/..%5clib%5ca.ts",
      "/build/%252e%252e/lib/a.ts",
      "/build//01_a.html",
      "/build/01_a.html/more",
      "/build/01_a.html%00",
      "/build/%ff",
      "/build/%",
    ];
    for (const path of paths) {
      const answer = await site.request(`${local}${path}`);
      const text = await answer.text();
      assertEquals([path, answer.status], [path, 404]);
      assertStringIncludes(text, `href="/build/"`);
    }
  },
});

Deno.test({
  name: "the site refuses a foreign Host, and methods that change something",
  ignore,
  async fn() {
    await using project = await Project.create(files);
    const site = createSite(project.root);
    const status = async (host: string) =>
      (await site.request(`${local}/build/01_a.html`, { headers: { host } })).status;
    assertEquals(await Promise.all(["localhost:8000", "127.0.0.1", "[::1]:8000"].map(status)), [
      200,
      200,
      200,
    ]);
    const foreign = [
      "evil.example",
      "127.0.0.1.evil.example:8000",
      "localhost@evil.example",
      "evil.example#localhost",
      "",
    ];
    assertEquals(await Promise.all(foreign.map(status)), foreign.map(() => 403));
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await site.request(`${local}/build/01_a.html`, { method });
      assertEquals([method, answer.status, answer.headers.get("allow")], [
        method,
        405,
        "GET, HEAD",
      ]);
    }
  },
});

Deno.test({
  name:
    "listen() takes the next port when one is taken and it may, and the site refuses a raw request for a file outside",
  ignore: ignore || Deno.permissions.querySync({ name: "net" }).state !== "granted",
  async fn() {
    await using project = await Project.create(files);
    const site = createSite(project.root);
    const handler = (request: Request) => site.fetch(request);
    await using first = listen(handler, { port: 0 });
    const taken = Number(new URL(first.url).port);
    await using second = listen(handler, { port: taken, orNext: true });
    assertEquals(Number(new URL(second.url).port) > taken, true);
    let refused: unknown;
    try {
      listen(handler, { port: taken });
    } catch (error) {
      refused = error;
    }
    assertEquals(refused instanceof Deno.errors.AddrInUse, true);
    // A client that does not tidy up the path first, as fetch() does.
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: taken });
    const request =
      "GET /build/../lib/a.ts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    const answer = await new Response(connection.readable).text();
    assertStringIncludes(answer, "HTTP/1.1 404");
  },
});
