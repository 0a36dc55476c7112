import { assertEquals } from "@std/assert";
import { storedOutput } from "../../../kit/kernel/mod.ts";

Deno.test("storedOutput() writes keys in alphabetical order, and text as lines, but neither JSON nor pictures", () => {
  const picture = {
    "text/plain": "a\nb",
    "application/json": { z: 1, a: "x\ny" },
    "image/png": "AAAA",
  };
  const stored = storedOutput({
    output_type: "execute_result",
    metadata: {},
    execution_count: null,
    data: picture,
  }, 7);
  assertEquals(
    JSON.stringify(stored),
    `{"data":{"application/json":{"z":1,"a":"x\\ny"},"image/png":"AAAA","text/plain":["a\\n","b"]},` +
      `"execution_count":7,"metadata":{},"output_type":"execute_result"}`,
  );
});

Deno.test("storedOutput() drops what a notebook does not hold", () => {
  const stored = storedOutput({
    output_type: "stream",
    name: "stdout",
    text: "a\rb\n",
    transient: {},
  }, 1);
  assertEquals(stored, { name: "stdout", output_type: "stream", text: ["a\rb\n"] });
});
