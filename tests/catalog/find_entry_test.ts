import { assertEquals, assertThrows } from "@std/assert";
import { findEntry, unknownName } from "../../lib/catalog/find_entry.ts";

Deno.test("unknownName() names the names that share a word, and all when none does", () => {
  const known = ["nvidia-h100-sxm", "nvidia-h100-pcie", "google-tpu-v4"];
  assertThrows(
    () => unknownName("hardware", "data.json", "H100 NVL", known),
    RangeError,
    'Cannot find hardware "H100 NVL" in data.json: the similar names are nvidia-h100-sxm, nvidia-h100-pcie',
  );
  assertThrows(
    () => unknownName("hardware", "data.json", "abacus", known),
    RangeError,
    "the names are nvidia-h100-sxm, nvidia-h100-pcie, google-tpu-v4",
  );
});

Deno.test("findEntry() finds by id, and names what there is when nothing has it", () => {
  const entries = [{ id: "a-1", size: 1 }, { id: "b-1", size: 2 }];
  assertEquals(findEntry(entries, "thing", "things.json", "b-1").size, 2);
  assertThrows(
    () => findEntry(entries, "thing", "things.json", "c"),
    RangeError,
    'Cannot find thing "c" in things.json: the names are a-1, b-1',
  );
});
