import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findMemoryLink } from "@fewer-bytes/catalog";
import { zeroCopy } from "@fewer-bytes/memory";

const { memory, links } = findHardware("amd-mi300a");

Deno.test("the gain of one memory is 1 + (memory / link) / passes", () => {
  for (const passes of [1, 10, 1000]) {
    const { speedup } = zeroCopy(1e9, passes, 64e9, memory[0].bandwidth);
    assertAlmostEquals(speedup, 1 + memory[0].bandwidth / 64e9 / passes, 1e-9);
  }
});

Deno.test("MI300A has one memory of 128 GB and a PCIe link that it need not cross", () => {
  assertAlmostEquals(memory[0].capacity / 1e9, 128, 0);
  const link = links.find(({ name }) => name.startsWith("PCIe"))!;
  assertAlmostEquals(link.bandwidth, findMemoryLink("pcie-5-x16").bandwidth, 0);
  assert(zeroCopy(1e9, 1, link.bandwidth, memory[0].bandwidth).speedup > 50);
});

Deno.test("memories refuse bytes and bandwidths that are none", () => {
  assertThrows(() => zeroCopy(0, 1, 1, 1), RangeError, "the bytes");
  assertThrows(() => zeroCopy(1, 0, 1, 1), RangeError, "passes");
  assertThrows(() => zeroCopy(1, 1, 0, 1), RangeError, "of the link");
  assertThrows(() => zeroCopy(1, 1, 1, NaN), RangeError, "of the memory");
});
