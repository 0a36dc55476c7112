import { assertEquals, assertThrows } from "@std/assert";
import { findLink, networks } from "@fewer-bytes/disaggregation";
import { hardware } from "../setups.ts";

Deno.test("findLink() knows the device's own links and the networks", () => {
  assertEquals(findLink("PCIe", hardware).bandwidth, 64e9);
  assertEquals(findLink("ethernet-25g", hardware), networks["ethernet-25g"]);
});

Deno.test("networks carry the bits of their names, over eight", () => {
  for (const { name, bandwidth } of Object.values(networks)) {
    assertEquals(bandwidth * 8 / 1e9, Number(/(\d+) Gb\/s/.exec(name)![1]));
  }
});

Deno.test("findLink() refuses an unknown name, and names those that there are", () => {
  for (const name of ["", "pigeons", "toString"]) {
    assertThrows(
      () => findLink(name, hardware),
      RangeError,
      "NVLink 4, PCIe 5.0 x16, ethernet-10g",
    );
  }
});
