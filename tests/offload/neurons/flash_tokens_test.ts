import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { type FlashLoad, flashTokens, sparseWork } from "@fewer-bytes/offload";

const load = (step: FlashLoad["step"], seconds: number): FlashLoad => ({
  step,
  bytes: 1,
  chunk: undefined,
  throughput: 1,
  seconds,
});
const loads = [load("everything", 2.196), load("half stays", 1.09), load("bundles", 0.105)];

Deno.test("flashTokens() adds up to the reported 3182 and 669 ms on a CPU, 2218 and 84 ms on a GPU", () => {
  const [naive, , ours] = flashTokens(loads, { dense: 0.986, sparse: 0.506, management: 0.058 });
  assertAlmostEquals(naive!.total, 3.182, 1e-9);
  assertAlmostEquals(ours!.total, 0.669, 1e-9);
  assert(ours!.speedup > 4 && ours!.speedup < 5);
  const gpu = flashTokens([loads[0]!, load("bundles", 0.03)], {
    dense: 0.022,
    sparse: 0.019,
    management: 0.035,
  });
  assertAlmostEquals(gpu[0]!.total, 2.218, 1e-9);
  assertAlmostEquals(gpu[1]!.total, 0.084, 1e-9);
  assert(gpu[1]!.speedup > 25);
});

Deno.test("flashTokens() counts management and sparse arithmetic only where neurons are chosen", () => {
  const [all, half, bundles] = flashTokens(loads, { dense: 1, sparse: 0.5, management: 0.1 });
  assertEquals([all!.compute, half!.compute, bundles!.compute], [1, 1, 0.5]);
  assertEquals([all!.management, half!.management, bundles!.management], [0, 0, 0.1]);
  assertEquals(all!.speedup, 1);
});

Deno.test("sparseWork() leaves attention and the head: a twentieth of the neurons is not a twentieth of the time", () => {
  const deployment = { model: findModel("opt-6.7b"), hardware: findHardware("apple-m1-max") };
  const { dense, sparse } = sparseWork(deployment, 100, 0.05);
  assert(sparse < 0.45 * dense && sparse > 0.35 * dense);
  const all = sparseWork(deployment, 100, 1);
  assertAlmostEquals(all.sparse, all.dense, 1e-12);
});

Deno.test("flashTokens() refuses negative times and no loads", () => {
  assertThrows(
    () => flashTokens(loads, { dense: -1, sparse: 0, management: 0 }),
    RangeError,
    "dense",
  );
  assertThrows(() => flashTokens([], { dense: 1, sparse: 0, management: 0 }), RangeError, "a load");
});
