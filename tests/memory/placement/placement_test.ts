import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { behind, mainMemory, type Placement, spilled, tierTraffic } from "@fewer-bytes/memory";
import { operators, traffic } from "@fewer-bytes/transformer";

const hardware = findHardware("nvidia-h100-sxm");
const host = behind(mainMemory(findHardware("amd-epyc-9654")), {
  name: "PCIe 5.0 x16",
  bandwidth: 64e9,
});
const table = operators(findModel("mixtral-8x7b"), {
  phase: "decode",
  batch: 4,
  newTokens: 1,
  context: 500,
});
const share = fc.double({ min: 0, max: 1, noNaN: true });

Deno.test("tierTraffic() loses no byte, whatever the shares", () => {
  fc.assert(fc.property(share, share, share, (weights, cache, activations) => {
    const placement = spilled(hardware, host, { weights, cache, activations });
    for (const row of table) {
      const moved = tierTraffic(row, placement);
      assertAlmostEquals(moved[0]! + moved[1]!, traffic(row), 1e-6 * traffic(row));
    }
  }));
});

Deno.test("tierTraffic() asks shares of each operator when they are a function: experts far", () => {
  const near: Placement = spilled(hardware, host, {});
  const placement = {
    ...near,
    weights: ({ name }: { name: string }) => name === "experts" ? [0, 1] : [1, 0],
  };
  for (const row of table) {
    assertEquals(tierTraffic(row, placement)[1], row.name === "experts" ? row.bytes.weights : 0);
  }
});

Deno.test("a placement is refused whose shares are too few, negative, or not a whole", () => {
  const row = table.at(-1)!;
  const place = (weights: number[]) => () =>
    tierTraffic(row, { ...spilled(hardware, host, {}), weights });
  assertThrows(
    place([1]),
    TypeError,
    "a share for each of 2 tiers: current value is 1 shares",
  );
  assertThrows(place([1.5, -0.5]), RangeError, "a share must be a finite number >= 0");
  assertThrows(place([0.5, 0.4]), RangeError, "must add up to 1: current value is 0.9");
  assertThrows(place([NaN, 1]), RangeError, "current value is NaN");
  assertThrows(() => spilled(hardware, host, { cache: 1.1 }), RangeError, "share of cache");
});
