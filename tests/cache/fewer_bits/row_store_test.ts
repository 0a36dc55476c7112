import { assertEquals, assertThrows } from "@std/assert";
import { GrowingRows } from "@fewer-bytes/cache";

Deno.test("GrowingRows keeps what it has when it grows", () => {
  const rows = new GrowingRows(2);
  for (let i = 0; i < 200; i++) rows.push(Float32Array.of(i, i + 0.5));
  assertEquals(rows.count, 200);
  for (let i = 0; i < 200; i++) assertEquals([...rows.row(i)], [i, i + 0.5]);
});

Deno.test("GrowingRows in 16 bits rounds what it gets, and counts two bytes a value", () => {
  const rows = new GrowingRows(3, "fp16");
  rows.push(Float32Array.of(0.1, 1, 2049));
  assertEquals([...rows.row(0)], [Math.f16round(0.1), 1, 2048]);
  assertEquals([rows.rowBytes, new GrowingRows(3).rowBytes], [6, 12]);
});

Deno.test("GrowingRows refuses a row of another width", () => {
  const rows = new GrowingRows(3);
  assertThrows(() => rows.push(new Float32Array(2)), TypeError, "current length is 2");
});
