import { assertEquals } from "@std/assert";
import { reconnectDelay } from "../../../../kit/workbench/page/connection.ts";

Deno.test("reconnectDelay() doubles from half a second to eight", () => {
  const waits = Array.from({ length: 7 }, (_, tries) => reconnectDelay(tries));
  assertEquals(waits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
});
