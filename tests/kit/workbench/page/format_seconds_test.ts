import { assertEquals } from "@std/assert";
import { formatSeconds } from "../../../../kit/workbench/page/format_seconds.ts";

Deno.test("formatSeconds() says no more than a reader wants to know", () => {
  assertEquals([0.01, 0.05, 1.26, 9.94, 9.96, 59.4, 59.6, 125].map(formatSeconds), [
    "under 0.1 s",
    "0.1 s",
    "1.3 s",
    "9.9 s",
    "10 s",
    "59 s",
    "1 min 0 s",
    "2 min 5 s",
  ]);
});
