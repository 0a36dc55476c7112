import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import entries from "../../data/offload.json" with { type: "json" };
import {
  findComputingDrive,
  findMeasuredNode,
  offloadMachines,
  readOffloadMachines,
} from "@fewer-bytes/catalog";

const changed = (change: (copy: typeof entries) => void) => {
  const copy = structuredClone(entries);
  change(copy);
  return () => readOffloadMachines(copy, "test.json");
};

Deno.test("readOffloadMachines() turns data sheets into plain SI numbers", () => {
  const { nodes, drives } = readOffloadMachines(entries, "test.json");
  assertEquals(nodes[0]!.hostToDevice.weights, 12.89 * 2 ** 30);
  const { chips, dies, cores, page, read } = drives[0]!.array!;
  assertEquals([chips, dies, cores, page], [2, 2, 1, 16_384]);
  assertAlmostEquals(read, 30e-6, 1e-12);
});

Deno.test("readOffloadMachines() names the file, the entry, the field and the value that is wrong", () => {
  assertThrows(() => readOffloadMachines([], "test.json"), TypeError, "a list of nodes");
  assertThrows(
    changed(({ drives }) => drives[0]!.channels = 0),
    TypeError,
    "test.json: cambricon-llm-s: channels",
  );
  assertThrows(
    changed(({ nodes }) => nodes[0]!.disk = "1.5 TB/s"),
    TypeError,
    "test.json: flexgen-t4: disk",
  );
});

Deno.test("readOffloadMachines() wants a source for each figure, and an array where dies compute", () => {
  assertThrows(
    changed(({ drives }) => drives[0]!.sources.shift()),
    TypeError,
    "must name a source of channels",
  );
  assertThrows(
    changed(({ drives }) => delete (drives[0] as { array?: unknown }).array),
    TypeError,
    "array: must be known where dies compute",
  );
});

Deno.test("findComputingDrive() and findMeasuredNode() find every machine by its id", () => {
  for (const drive of offloadMachines.drives) assertEquals(findComputingDrive(drive.id), drive);
  for (const node of offloadMachines.nodes) assertEquals(findMeasuredNode(node.id), node);
  const ids = [...offloadMachines.drives, ...offloadMachines.nodes].map(({ id }) => id);
  assert(new Set(ids).size === ids.length);
});

Deno.test("unknown machines are refused with a list of those that there are", () => {
  assertThrows(() => findComputingDrive("x"), RangeError, "cambricon-llm-s");
  assertThrows(() => findMeasuredNode("x"), RangeError, "flexgen-t4");
});
