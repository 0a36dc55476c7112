import { assert } from "@std/assert";
import { findSystem, systemsLeftOut } from "@fewer-bytes/claims";

Deno.test("each system that is left out is a system of the source documents, and its reason is said", () => {
  for (const [id, reason] of Object.entries(systemsLeftOut)) {
    findSystem(id);
    assert(reason.length > 5, id);
  }
});
