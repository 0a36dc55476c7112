import { assertAlmostEquals, assertEquals } from "@std/assert";
import { hybridCacheBytes, hybridParameters, stateSpaceModels } from "@fewer-bytes/attention";
import { findModel } from "@fewer-bytes/catalog";
import { cacheBytes } from "@fewer-bytes/transformer";

Deno.test("the models have the parameters that they are named and published with", () => {
  const millions = (name: keyof typeof stateSpaceModels) =>
    hybridParameters(stateSpaceModels[name]).total / 1e6;
  assertAlmostEquals(millions("mamba-790m"), 793.2, 0.1); // the checkpoint has 793,204,224
  assertAlmostEquals(millions("mamba2-780m"), 780, 1);
  // Jamba's report: 52B available, 12B active parameters.
  const jamba = hybridParameters(stateSpaceModels["jamba-v0.1"]);
  assertEquals(Math.round(jamba.total / 1e9), 52);
  assertEquals(Math.round(jamba.active / 1e9), 12);
});

Deno.test("Jamba caches 4 GB at 256K tokens where Mixtral caches 32 GB, as its report has it", () => {
  const context = 256 * 1024;
  const jamba = hybridCacheBytes(stateSpaceModels["jamba-v0.1"], context);
  assertEquals(Math.round(jamba / 2 ** 30), 4);
  assertEquals(cacheBytes(findModel("mixtral-8x7b"), context) / 2 ** 30, 32);
});
