import { assert, assertEquals, assertThrows } from "@std/assert";
import { fatTree } from "@fewer-bytes/experts";

// Zhao et al., "Insights into DeepSeek-V3", table 3: two layers, eight planes of two layers, three layers.
Deno.test("fatTree() gives the published counts for switches with 64 ports", () => {
  assertEquals(fatTree(64, 2), { endpoints: 2048, switches: 96, links: 2048 });
  assertEquals(fatTree(64, 2, 8), { endpoints: 16_384, switches: 768, links: 16_384 });
  assertEquals(fatTree(64, 3), { endpoints: 65_536, switches: 5120, links: 131_072 });
});

Deno.test("fatTree() uses each port of each switch once", () => {
  for (const ports of [2, 4, 8, 48]) {
    for (const layers of [2, 3] as const) {
      for (const planes of [1, 4]) {
        const { endpoints, switches, links } = fatTree(ports, layers, planes);
        assertEquals(ports * switches, endpoints + 2 * links);
        assertEquals(links, (layers - 1) * endpoints); // full bandwidth between layers
      }
    }
  }
});

Deno.test("two layers need fewer switches for an end than three, and odd ports are refused", () => {
  const each = (layers: 2 | 3) => fatTree(64, layers).switches / fatTree(64, layers).endpoints;
  assert(each(2) < each(3));
  assertThrows(() => fatTree(5, 2), RangeError, "an even number of ports");
  assertThrows(() => fatTree(4, 4 as 3), RangeError, "2 or 3 layers");
  assertThrows(() => fatTree(4, 2, 0), RangeError, "the planes");
});
