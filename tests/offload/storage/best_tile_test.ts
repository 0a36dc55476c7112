import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findComputingDrive } from "@fewer-bytes/catalog";
import { bestTile, tileHeightFormula } from "@fewer-bytes/offload";

const sizes = ["s", "m", "l"].map((size) => findComputingDrive(`cambricon-llm-${size}`));

Deno.test("bestTile() is the printed formula, and 256 x 2,048 for Cambricon-LLM-S", () => {
  for (const drive of sizes) {
    const { chips, dies, cores, page } = drive.array!;
    const expected = tileHeightFormula.evaluate({ cores: chips * dies * cores, page });
    assertAlmostEquals(bestTile(drive).height, expected, 1e-9);
  }
  const { height, width } = bestTile(sizes[0]!);
  assertEquals([height, width], [256, 2048]); // as a public reconstruction of the paper's section V has it
});

Deno.test("bestTile() carries less over channels than any other height", () => {
  for (const drive of sizes) {
    const best = bestTile(drive).channelBytes;
    for (let height = 1; height <= 16_384; height *= 2) {
      assert(bestTile(drive, height).channelBytes >= best * (1 - 1e-12));
    }
    for (let height = 100; height < 600; height++) {
      assert(bestTile(drive, height).channelBytes >= best * (1 - 1e-12));
    }
  }
});

Deno.test("bestTile() holds what all cores read at once, whatever its height", () => {
  for (const drive of sizes) {
    const { chips, dies, page } = drive.array!;
    for (const height of [1, 64, 4096]) {
      const tile = bestTile(drive, height);
      assertAlmostEquals(tile.height * tile.width, drive.channels * chips * dies * page, 1e-6);
    }
  }
});

Deno.test("bestTile() refuses drives that compute in their controller", () => {
  assertThrows(() => bestTile(findComputingDrive("instinfer-csd")), RangeError, "at its dies");
  assertThrows(() => bestTile(sizes[0]!, 0), RangeError, "the height");
});
