import { assertEquals, assertThrows } from "@std/assert";
import { findPim, movementEnergies, operationEnergies, pimCatalog } from "@fewer-bytes/catalog";

Deno.test("findPim() finds every device by its id, and lists them when it finds none", () => {
  for (const device of pimCatalog) assertEquals(findPim(device.id), device);
  assertThrows(() => findPim("hbm-pim"), RangeError, "samsung-hbm-pim");
});

Deno.test("the energies are ordered as they are on the way, and in joules", () => {
  assertEquals(movementEnergies.slice(0, 2).map(({ id }) => id), ["row", "cell"]);
  for (const { joules } of [...movementEnergies, ...operationEnergies]) {
    assertEquals(joules > 1e-14 && joules < 1e-10, true);
  }
});
