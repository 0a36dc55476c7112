import { assertEquals } from "@std/assert";
import { openCommand } from "../../../kit/serve/mod.ts";

const url = "http://127.0.0.1:8000/";
const having = (...names: string[]) => (name: string) => names.includes(name) ? ":0" : undefined;

Deno.test("openCommand() knows each system's command, and leaves a Linux without a screen alone", () => {
  assertEquals(openCommand("darwin", url, having()), ["open", url]);
  assertEquals(openCommand("windows", url, having()), ["cmd", "/c", "start", "", url]);
  assertEquals(openCommand("linux", url, having("DISPLAY")), ["xdg-open", url]);
  assertEquals(openCommand("linux", url, having("WAYLAND_DISPLAY")), ["xdg-open", url]);
  assertEquals(openCommand("linux", url, having()), undefined);
});
