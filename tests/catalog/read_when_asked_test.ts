import { assertEquals, assertThrows } from "@std/assert";
import { hardwareCatalog } from "@fewer-bytes/catalog";
import { readWhenAsked } from "../../lib/catalog/read_when_asked.ts";

/** A list of two, and how often it was read. */
function counted() {
  let reads = 0;
  const list = readWhenAsked(["1 GB", "2 GB"], () => {
    reads++;
    return [1e9, 2e9];
  });
  return { list, reads: () => reads };
}

Deno.test("readWhenAsked() knows its length without reading, and reads once", () => {
  const { list, reads } = counted();
  assertEquals([list.length, reads()], [2, 0]);
  assertEquals([list[1], list[0], reads()], [2e9, 1e9, 1]);
  assertEquals(list.map((value) => value / 1e9), [1, 2]);
  assertEquals(reads(), 1);
});

Deno.test("readWhenAsked() gives an ordinary list: it prints, spreads and compares like one", () => {
  assertEquals(Deno.inspect(counted().list), Deno.inspect([1e9, 2e9]));
  assertEquals([...counted().list], [1e9, 2e9]);
  assertEquals(JSON.stringify(counted().list), "[1000000000,2000000000]");
  const { list } = counted();
  assertEquals(list.length && Object.getOwnPropertyDescriptors(list) && list[0], 1e9);
  assertEquals(
    Object.getOwnPropertyDescriptors(list),
    Object.getOwnPropertyDescriptors([1e9, 2e9]),
  );
});

Deno.test("readWhenAsked() gives an object by its keys too", () => {
  const facts = readWhenAsked({ drives: [], nodes: [] }, () => ({ drives: [1], nodes: [2] }));
  assertEquals(Object.keys(facts), ["drives", "nodes"]);
  assertEquals(facts, { drives: [1], nodes: [2] });
});

Deno.test("readWhenAsked() throws what reading throws, each time it is asked", () => {
  const broken = readWhenAsked([0], (): number[] => {
    throw new TypeError("Cannot read it");
  });
  assertThrows(() => broken[0], TypeError, "Cannot read it");
  assertThrows(() => broken.find(() => true), TypeError, "Cannot read it");
});

Deno.test("the catalog of hardware is a list that was read when asked", () => {
  assertEquals(Array.isArray(hardwareCatalog), true);
  assertEquals(hardwareCatalog.find(({ id }) => id === "nvidia-h100-sxm")?.vendor, "NVIDIA");
});
