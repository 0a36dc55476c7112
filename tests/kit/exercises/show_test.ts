import { assertEquals } from "@std/assert";
import { show } from "../../../kit/exercises/show.ts";

Deno.test("show() writes each kind of value on one line", () => {
  const cases: [unknown, string][] = [
    [147456, "147456"],
    [989e12, "9.89e+14"],
    [0.1 + 0.2, "0.30000000000000004"],
    [-0.000001234, "-1.234e-6"],
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
    ["a\nb", '"a\\nb"'],
    [undefined, "nothing"],
    [null, "null"],
    [true, "true"],
    [8n, "8n"],
    [() => 1, "a function"],
    [[1, [2, "x"]], '[1, [2, "x"]]'],
    [new Float32Array(8), "Float32Array [0, 0, 0, 0, 0, 0, … 8 in all]"],
    [{ bits: 4, scale: 0.5 }, "{ bits: 4, scale: 0.5 }"],
  ];
  for (const [value, text] of cases) assertEquals(show(value), text);
});

Deno.test("show() rounds to the digits asked for, and keeps large things short", () => {
  assertEquals(show(295.22388059, 6), "295.224");
  assertEquals(show([1 / 3], 2), "[0.33]");
  assertEquals(show(Array(1000).fill(1)).length < 60, true);
  assertEquals(show("x".repeat(1000)).length < 70, true);
});
