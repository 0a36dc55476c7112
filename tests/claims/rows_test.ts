import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assumptionsOf, ledger, ledgerRows } from "@fewer-bytes/claims";

const row = (id: string) => ledgerRows().find((one) => one.id === id)!;

Deno.test("ledgerRows() writes figures with their units, powers of ten in words", () => {
  const { stated, derived, ratio, verdict } = row("d-longctx-34b");
  assertEquals([stated, derived, ratio, verdict], [
    "34 billion parameters",
    "34.39 billion parameters",
    "1.011",
    "reproduced",
  ]);
  assertEquals(row("a-decode-reads-10-1000gb").stated, "10 to 1,000 GB");
  assertEquals(row("a-spec-decoding-first-2022").stated, "2022"); // no thousands
});

Deno.test("ledgerRows() leaves blank what is not there", () => {
  assertEquals([row("d-longctx-range").derived, row("d-longctx-range").ratio], ["", ""]);
  assertEquals(
    [row("c-decode-is-memory-traffic").stated, row("c-decode-is-memory-traffic").ratio],
    ["no figure", ""],
  );
});

Deno.test("ledgerRows() says how: what is computed, the bound, the assumptions, the condition, the functions", () => {
  const { how } = row("b-inference-memory-bound");
  for (
    const part of [
      "Computed: memory time",
      "at least 1 x",
      "Llama 3.1 8B",
      "It holds when",
      "By operators, stepTime.",
    ]
  ) {
    assertStringIncludes(how, part);
  }
});

Deno.test("assumptionsOf() adds the bound of a claim that states one, and nothing to a plain figure", () => {
  const entry = (id: string) => ledger().find((one) => one.id === id)!;
  assert(
    assumptionsOf(entry("c-capacity-1-4x-per-generation")).includes(
      "the claim needs it at most 1.4 x",
    ),
  );
  assertEquals(assumptionsOf(entry("c-ridge-562")), entry("c-ridge-562").assumptions);
});
