import { assertEquals, assertThrows } from "@std/assert";
import { readEnergyFacts } from "../../lib/catalog/energy_facts.ts";

const source = { title: "A paper", url: "https://example.com/", checked: "read" };

Deno.test("readEnergyFacts() reads picojoules as joules", () => {
  const [fact] = readEnergyFacts(
    [{ id: "a", name: "a step", energy: "2 pJ", sources: [source] }],
    "test.json",
  );
  assertEquals(fact?.joules, 2e-12);
});

Deno.test("readEnergyFacts() names the file, the field, the value and what is allowed", () => {
  const read = (change: Record<string, unknown>) => () =>
    readEnergyFacts(
      [{ id: "a", name: "a step", energy: "2 pJ", sources: [source], ...change }],
      "test.json",
    );
  assertThrows(read({ energy: "2 pW" }), TypeError, "test.json: 0.energy");
  assertThrows(read({ sources: [] }), TypeError, "0.sources");
  assertThrows(read({ extra: 1 }), TypeError, "test.json");
});
