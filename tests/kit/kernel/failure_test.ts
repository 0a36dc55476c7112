import { assertEquals } from "@std/assert";
import { failureOf } from "../../../kit/kernel/failure.ts";

Deno.test("failureOf() strips colors, makes paths relative, and drops frames inside dependencies", () => {
  const content = {
    ename: "Error",
    evalue: 'Module not found "file:///home/me/course/lib/x.ts".',
    traceback: [
      "\x1b[31mError\x1b[0m: no",
      "    at f (file:///home/me/course/lib/a.ts:2:9)\n    at g (file:///home/me/course/notebooks/b.ts:3:1)",
      "    at h (file:///home/me/.cache/deno/npm/z.js:1:1)",
      "    at i (ext:core/01.js:1:1)",
      "    at <anonymous>:1:27",
      "",
    ],
  };
  assertEquals(failureOf(content, "/home/me/course/notebooks"), {
    ename: "Error",
    evalue: 'Module not found "../lib/x.ts".',
    traceback: [
      "Error: no",
      "    at f (../lib/a.ts:2:9)",
      "    at g (b.ts:3:1)",
      "    at <anonymous>:1:27",
    ],
  });
});
