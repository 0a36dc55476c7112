import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { tileFootprint, tileWork } from "@fewer-bytes/attention";
import { anySizes, anyTile } from "./random_inputs.ts";

Deno.test("tileWork() of sigmoid needs less memory and fewer exponentials, and pays in divisions", () => {
  fc.assert(fc.property(anyTile, anySizes, (tile, widths) => {
    const { softmax, sigmoid } = tileWork(tile, widths);
    assertEquals(softmax.footprint, tileFootprint(tile, widths));
    assertEquals(softmax.footprint - sigmoid.footprint, 2 * tile.rows);
    assertEquals(softmax.exponentials - sigmoid.exponentials, tile.rows);
    assert(sigmoid.simple < softmax.simple);
    assertEquals([softmax.divisions, sigmoid.divisions], [0, tile.rows * tile.columns]);
  }));
});
