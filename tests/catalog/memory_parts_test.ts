import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  findAccessPath,
  findHardware,
  findMemory,
  findMemoryLink,
  findMemoryNode,
  memoryCatalog,
  readMemoryParts,
} from "@fewer-bytes/catalog";
import entries from "../../data/memories.json" with { type: "json" };

Deno.test("a stack of each HBM generation gives the bandwidth that JEDEC states", () => {
  const stated = { hbm2: 256, hbm2e: 460, hbm3: 819, hbm3e: 1229, hbm4: 2048 };
  for (const [id, gigabytes] of Object.entries(stated)) {
    assertAlmostEquals(findMemory(id).bandwidth / 1e9, gigabytes, 1, id);
  }
});

Deno.test("channels add up to the memories of the devices that have them", () => {
  const cases: [string, string, number][] = [
    ["intel-xeon-8480plus", "ddr5-4800", 8],
    ["amd-epyc-9654", "ddr5-4800", 12],
    ["nvidia-rtx-4090", "gddr6x-21", 12],
    ["nvidia-rtx-5090", "gddr7-28", 16],
    ["apple-m4-max", "lpddr5x-8533", 32],
    ["nvidia-jetson-agx-orin-64gb", "lpddr5-6400", 16],
  ];
  for (const [device, id, count] of cases) {
    const { bandwidth } = findHardware(device).memory[0];
    assertAlmostEquals(count * findMemory(id).bandwidth, bandwidth, bandwidth * 0.001, device);
  }
});

Deno.test("devices drive their stacks below the most that the generation allows", () => {
  const cases: [string, string, number][] = [
    ["nvidia-v100-sxm-32gb", "hbm2", 4],
    ["nvidia-a100-sxm-80gb", "hbm2e", 5],
    ["nvidia-h100-sxm", "hbm3", 5],
    ["nvidia-h200-sxm", "hbm3e", 6],
    ["nvidia-b200", "hbm3e", 8],
    ["amd-mi300x", "hbm3", 8],
    ["amd-mi325x", "hbm3e", 8],
  ];
  for (const [device, id, stacks] of cases) {
    const share = findHardware(device).memory[0].bandwidth / (stacks * findMemory(id).bandwidth);
    assert(share > 0.55 && share <= 1, `${device}: ${share}`);
  }
});

Deno.test("the parts of the ways to CXL memory add up to what was measured", () => {
  const sum = (id: string, which: "least" | "most") =>
    1e9 * findAccessPath(id).parts.reduce((all, part) => all + part[which], 0);
  assertAlmostEquals(sum("cxl-direct", "least"), 210, 1e-6);
  assertAlmostEquals(sum("cxl-switched", "most"), 310, 1e-6);
  for (const { id, parts } of memoryCatalog.paths) {
    assert(parts.every(({ least, most }) => 0 < least && least <= most), id);
  }
});

Deno.test("the nodes hold what their papers say", () => {
  const { sockets, tiers } = findMemoryNode("sambanova-sn40l");
  assertEquals(tiers.map(({ capacity }) => sockets * capacity), [4.16e9, 512e9, 12e12]);
  assertEquals(sockets * tiers[2]!.bandwidth!, 1e12);
});

Deno.test("readMemoryParts() names the file, the entry, the field and what is allowed", () => {
  const [first] = entries.memories;
  const broken = (change: object) => ({ ...entries, memories: [{ ...first, ...change }] });
  const cases: [unknown, string][] = [
    [broken({ rate: "6.4 GHz" }), "test.json: hbm2: rate: Cannot use a quantity of another dim"],
    [broken({ pins: 0 }), "pins"],
    [broken({ kind: "tape" }), "kind"],
    [broken({ watts: 3 }), "watts"],
    [broken({ sources: [] }), "must name a source of"],
    [broken({ latency: "1 ns" }), "must name a source of latency"],
    [{ ...entries, memories: [first, first] }, "id must be unique"],
    [{ ...entries, links: undefined }, "must hold a list of links"],
    [null, "must hold a list of memories"],
  ];
  for (const [json, words] of cases) {
    assertThrows(() => readMemoryParts(json, "test.json"), TypeError, words);
  }
});

Deno.test("an unknown part is answered with the names that there are", () => {
  assertThrows(() => findMemory("hbm9"), RangeError, "hbm3e");
  assertThrows(() => findMemoryLink("isa"), RangeError, "pcie-5-x16");
  assertThrows(() => findAccessPath("scenic"), RangeError, "cxl-direct");
  assertThrows(() => findMemoryNode("rack"), RangeError, "sambanova-sn40l");
});
