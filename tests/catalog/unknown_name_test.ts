import { assertThrows } from "@std/assert";
import { unknownName } from "../../lib/catalog/unknown_name.ts";

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
