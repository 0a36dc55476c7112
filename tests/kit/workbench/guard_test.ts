import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Hono } from "hono";
import { guard, newSecret, sameSecret } from "../../../kit/workbench/guard.ts";

const key = newSecret();
const here = "http://127.0.0.1:8000";
const app = new Hono().use(guard(key)).get("*", (context) => context.text("let in"));
const cookie = `fewer-bytes-8000=${key}`;

async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<[number, string]> {
  const answer = await app.request(`${here}${path}`, { method, headers });
  return [answer.status, await answer.text()];
}

Deno.test("the key in the address is exchanged for a cookie that no script can read, and taken out of the address", async () => {
  const answer = await app.request(`${here}/chapters/01_a?x=1&key=${key}`);
  assertEquals([answer.status, answer.headers.get("location")], [302, "/chapters/01_a?x=1"]);
  const set = answer.headers.get("set-cookie") ?? "";
  assertEquals(set, `${cookie}; Path=/; HttpOnly; SameSite=Lax`);
  assertEquals(await ask("/", { cookie }), [200, "let in"]);
});

Deno.test("without this run's key nothing is answered: none, a wrong one, another run's, another port's", async () => {
  const wrong = [
    {},
    { cookie: "fewer-bytes-8000=" },
    { cookie: `fewer-bytes-8000=${key}x` },
    { cookie: `fewer-bytes-8000=${newSecret()}` },
    { cookie: `fewer-bytes-8001=${key}` },
    { authorization: key },
  ];
  for (const headers of wrong) {
    assertEquals((await ask("/api/course", headers))[0], 403);
    assertEquals((await ask(`/?key=${newSecret()}`, headers))[0], 403);
  }
});

Deno.test("a page that was opened without the key is told where the address stands", async () => {
  const [status, text] = await ask("/", {
    "sec-fetch-mode": "navigate",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "none",
  });
  assertEquals(status, 403);
  assertStringIncludes(text, "Open the address that the terminal shows");
});

Deno.test("a Host that is not this machine is refused, key or not: a name that was pointed at 127.0.0.1", async () => {
  const foreign = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example:8000",
    "localhost@evil.example",
    "evil.example#localhost",
    "",
  ];
  for (const host of foreign) {
    assertEquals([host, (await ask("/", { host, cookie }))[0]], [host, 403]);
  }
  for (const host of ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"]) {
    assertEquals([host, (await ask("/", { host, cookie }))[0]], [host, 200]);
  }
});

Deno.test("methods that change something are refused, key or not", async () => {
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    assertEquals([method, (await ask("/api/course", { cookie }, method))[0]], [method, 405]);
  }
  assertEquals((await ask("/", { cookie }, "HEAD"))[0], 200);
});

Deno.test("a WebSocket is refused when another site's page asks for it, or nobody says who asks", async () => {
  const socket = { cookie, upgrade: "websocket", connection: "Upgrade" };
  const path = "/api/chapters/01_a/live";
  const others = [
    "http://evil.example",
    "http://127.0.0.1:8001",
    "http://localhost:8000",
    "https://127.0.0.1:8000",
    "null",
    "",
  ];
  for (const origin of others) {
    assertEquals([origin, (await ask(path, { ...socket, origin }))[0]], [origin, 403]);
  }
  assertEquals((await ask(path, socket))[0], 403);
  assertEquals((await ask(path, { ...socket, upgrade: "WebSocket" }))[0], 403);
  assertEquals((await ask(path, { ...socket, origin: here }))[0], 200);
  // A key in a socket's address does not help who has no cookie.
  const { cookie: _, ...bare } = socket;
  assertEquals((await ask(`${path}?key=${key}`, { ...bare, origin: here }))[0], 403);
});

Deno.test("a request that another site's page makes is refused, but a link there may open a page", async () => {
  const from = (site: string, mode: string, dest: string) => ({
    cookie,
    "sec-fetch-site": site,
    "sec-fetch-mode": mode,
    "sec-fetch-dest": dest,
  });
  for (const site of ["cross-site", "same-site"]) {
    assertEquals((await ask("/api/course", from(site, "cors", "empty")))[0], 403);
    assertEquals((await ask("/api/course", from(site, "no-cors", "script")))[0], 403);
    assertEquals((await ask("/", from(site, "navigate", "iframe")))[0], 403);
    assertEquals((await ask("/", from(site, "navigate", "document")))[0], 200);
  }
  assertEquals((await ask("/api/course", from("same-origin", "cors", "empty")))[0], 200);
  assertEquals((await ask("/api/course", { cookie, origin: "null" }))[0], 403);
});

Deno.test("sameSecret() tells equal from different texts of any length", () => {
  assert(sameSecret("a", "a"));
  for (const [one, other] of [["a", "b"], ["", "a"], ["a", "aa"]] as const) {
    assert(!sameSecret(one, other));
  }
  assert(newSecret() !== newSecret() && newSecret().length === 32);
});
