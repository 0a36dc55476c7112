import { assert, assertEquals, assertExists, assertThrows } from "@std/assert";
import { findHardware, findModel, modelNames } from "@fewer-bytes/catalog";
import { findSystem, modeledSystems, systemsLeftOut, systemStatuses } from "@fewer-bytes/claims";

Deno.test("each modeled system is a system, and the function named for it works on its example", () => {
  for (const [id, { by, show }] of Object.entries(modeledSystems)) {
    findSystem(id);
    assert(by.name, id);
    assertExists(show(), id);
  }
});

Deno.test("systemStatuses() answers for all 279 systems, and names a function exactly for those that work", () => {
  const statuses = systemStatuses();
  assertEquals(statuses.length, 279);
  for (const { id, works, by } of statuses) assertEquals(by !== null, works, id);
  assertEquals(statuses.filter(({ works }) => works).length, Object.keys(modeledSystems).length);
});

Deno.test("every system of a written chapter is modeled, or left out for a reason, and never both", () => {
  const known = systemStatuses().filter(({ chapter }) => /^\d\d$/.test(chapter) && chapter < "19");
  assertEquals(known.length, 249);
  for (const { id, works, reason } of known) assertEquals(reason === null, works, id);
  assertEquals(known.filter(({ works }) => !works).length, Object.keys(systemsLeftOut).length);
});

Deno.test("systemStatuses() gives no reason for systems of chapters that are not written", () => {
  const others = systemStatuses().filter(({ chapter }) => chapter >= "19");
  assertEquals(others.map(({ works, reason }) => [works, reason]), others.map(() => [false, null]));
});

Deno.test("the catalog holds the members of the families that are said to be modeled", () => {
  for (
    const name of [
      "llama-2-7b",
      "llama-2-70b",
      "llama-3.1-70b",
      "llama-3.2-1b",
      "gemma-2-9b",
      "qwen3-235b-a22b",
    ]
  ) {
    findModel(name);
  }
  for (
    const id of [
      "nvidia-rtx-4090",
      "nvidia-rtx-a6000",
      "nvidia-rtx-4060",
      "nvidia-t4",
      "nvidia-titan-xp",
    ]
  ) {
    findHardware(id);
  }
  assert(!modelNames.includes("qwen3-4b"), "name Qwen3-4B as modeled too");
  assertThrows(() => findModel("qwen3-4b"), RangeError);
});
