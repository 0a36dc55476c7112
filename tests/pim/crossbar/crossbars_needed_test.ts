import { assert, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { parameters } from "@fewer-bytes/transformer";
import { crossbarsNeeded } from "@fewer-bytes/pim";

const array = { rows: 128, columns: 128, cellBits: 2 };

Deno.test("crossbarsNeeded() holds every bit of every weight, and no array too many", () => {
  for (const [name, bits] of [["gpt2", 8], ["llama-3.1-8b", 8], ["llama-3.1-70b", 4]] as const) {
    const needed = crossbarsNeeded(findModel(name), array, bits) * 128 * 128 * 2;
    const held = parameters(findModel(name)).total * bits;
    assert(needed >= held && needed < held + 128 * 128 * 2);
  }
});

Deno.test("crossbarsNeeded() wastes cells when weights do not fill them", () => {
  const model = findModel("gpt2");
  assertEquals(crossbarsNeeded(model, array, 3), crossbarsNeeded(model, array, 4));
  assertThrows(() => crossbarsNeeded(model, { ...array, columns: 0 }, 4), RangeError, "columns");
});
