import { assertEquals, assertThrows } from "@std/assert";
import { CountedArray } from "@fewer-bytes/attention";

Deno.test("CountedArray counts each load and store, and nothing else", () => {
  const array = new CountedArray(new Float32Array(4));
  for (let i = 0; i < 4; i++) array.store(i, array.load(i) + 1);
  array.load(0);
  assertEquals([array.loads, array.stores, array.length], [5, 4, 4]);
  assertEquals([...array.data], [1, 1, 1, 1]);
});

Deno.test("CountedArray refuses places that it does not have", () => {
  const array = new CountedArray(new Float32Array(4));
  assertThrows(() => array.load(4), RangeError, "from 0 to 3");
  assertThrows(() => array.store(-1, 0), RangeError, "-1");
});
