import { assertEquals } from "@std/assert";
import { hardwareCatalog, memoryCatalog, offloadMachines, pimCatalog } from "@fewer-bytes/catalog";
import "@fewer-bytes/claims";
import "@fewer-bytes/figures";

/** Whether a list or object of the catalog has been read: until then its keys are getters. */
const wasRead = (facts: object) => {
  const [first] = Object.values(Object.getOwnPropertyDescriptors(facts));
  return first!.get === undefined;
};

Deno.test("the whole library loads without reading a device, so no claim is derived and no system run by loading", () => {
  const catalogs = { hardwareCatalog, memoryCatalog, offloadMachines, pimCatalog };
  for (const [name, facts] of Object.entries(catalogs)) {
    assertEquals(wasRead(facts), false, name);
    Object.values(facts);
    assertEquals(wasRead(facts), true, name);
  }
});
