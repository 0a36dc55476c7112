import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findMemoryLink, findMemoryNode, findModel } from "@fewer-bytes/catalog";
import { machinesFor, switchTime } from "@fewer-bytes/memory";
import { weightBytes } from "@fewer-bytes/roofline";

const bytes = weightBytes(findModel("llama-2-7b")); // an expert of Samba-CoE has 7 billion parameters
const { sockets, tiers } = findMemoryNode("sambanova-sn40l");
const node = sockets * tiers[2]!.bandwidth!;

Deno.test("SN40L switches 15 to 31 times as fast as a DGX that loads over one link of its host", () => {
  const ratio = (link: string) =>
    switchTime(bytes, findMemoryLink(link).bandwidth) / switchTime(bytes, node);
  assertEquals([Math.floor(ratio("pcie-5-x16")), Math.floor(ratio("pcie-4-x16"))], [15, 31]);
});

Deno.test("a DGX that loads over four links is 4 to 8 times slower, no more", () => {
  const ratio = switchTime(bytes, 4 * findMemoryLink("pcie-5-x16").bandwidth) /
    switchTime(bytes, node);
  assert(ratio > 3.9 && ratio < 4);
});

Deno.test("one node of 12 TB replaces nineteen of 640 GB", () => {
  assertEquals(Math.ceil(sockets * tiers[2]!.capacity / 640e9), 19);
  const models = Math.floor(sockets * tiers[2]!.capacity / bytes);
  assertEquals(machinesFor(models, bytes, sockets * tiers[2]!.capacity), 1);
  assertAlmostEquals(machinesFor(models, bytes, 640e9), 19, 1);
});

Deno.test("machinesFor() is models put into machines one by one", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 9, max: 50 }),
    (models, size, capacity) => {
      const free: number[] = [];
      for (let model = 0; model < models; model++) {
        const place = free.findIndex((left) => left >= size);
        if (place < 0) free.push(capacity - size);
        else free[place]! -= size;
      }
      assertEquals(machinesFor(models, size, capacity), free.length);
    },
  ));
});

Deno.test("switching refuses a model that no machine holds, and no bandwidth", () => {
  assertThrows(() => machinesFor(1, 10, 9), RangeError, "must hold a model of 10 bytes");
  assertThrows(() => switchTime(1, 0), RangeError, "the bandwidth");
});
