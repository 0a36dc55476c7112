import { assert, assertEquals } from "@std/assert";
import { listen } from "../../../kit/serve/mod.ts";

Deno.test({
  name: "listen() takes the next port when one is taken and it may, and says so when it may not",
  ignore: Deno.permissions.querySync({ name: "net" }).state !== "granted",
  async fn() {
    const handler = () => new Response("here");
    await using first = listen(handler, { port: 0 });
    const taken = Number(new URL(first.url).port);
    await using second = listen(handler, { port: taken, orNext: true });
    assert(Number(new URL(second.url).port) > taken);
    assertEquals(await (await fetch(second.url)).text(), "here");
    let refused: unknown;
    try {
      listen(handler, { port: taken });
    } catch (error) {
      refused = error;
    }
    assert(refused instanceof Deno.errors.AddrInUse);
  },
});

Deno.test({
  name: "listen() is reached on this machine alone",
  ignore: Deno.permissions.querySync({ name: "net" }).state !== "granted",
  async fn() {
    await using server = listen(() => new Response("here"), { port: 0 });
    assertEquals(new URL(server.url).hostname, "127.0.0.1");
  },
});
