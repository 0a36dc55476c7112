import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { offloadedDecode } from "@fewer-bytes/cache";
import { estimate } from "@fewer-bytes/roofline";

const small = {
  model: findModel("opt-6.7b"),
  hardware: findHardware("nvidia-v100-sxm-32gb"),
  batch: 4,
  promptTokens: 128,
  outputTokens: 64,
};
const large = { ...small, batch: 64, outputTokens: 512 };

Deno.test("offloadedDecode() is the roofline's decode time while all caches fit, for whoever reads everything", () => {
  const { timePerOutputToken } = estimate({
    ...small,
    formats: { weights: "bf16", cache: "bf16", activations: "bf16" },
  }, small);
  for (const kind of ["host", "wait"] as const) {
    const { seconds, steps, together } = offloadedDecode(small, { kind });
    assertAlmostEquals(seconds / (64 * timePerOutputToken), 1, 0.01);
    assertEquals([steps["all on the device"], together], [64, 4]);
  }
  const sparse = offloadedDecode(small, { kind: "sparse", needed: 1 });
  assertAlmostEquals(sparse.seconds, offloadedDecode(small, { kind: "host" }).seconds, 1e-12);
});

Deno.test("offloadedDecode() of half of every cache on the host waits for the link, which is easily computed", () => {
  const { seconds, steps } = offloadedDecode(large, { kind: "host" });
  assertEquals(steps["loads or recomputation"] > 400, true);
  // By hand: 512 KiB a token, 64 sequences, 16 GB/s, and whatever does not fit beside 13.3 GB of weights.
  const token = 64 * 32 * 2 * 4096 * 2;
  const away = 1 - (0.9 * 32e9 - 2 * 6.658e9) / (token * 640);
  let expected = 0;
  for (let context = 128; context < 640; context++) expected += away * context * token / 16e9;
  assertAlmostEquals(seconds / expected, 1, 0.02);
});

Deno.test("offloadedDecode() goes through the phases of ALISA in order, and recomputes only where it is faster", () => {
  const sparse = offloadedDecode(large, { kind: "sparse", needed: 0.2 });
  const { steps } = sparse;
  assert(Object.values(steps).every((count) => count > 0), JSON.stringify(steps));
  assertEquals(Object.values(steps).reduce((a, b) => a + b, 0), 512);
  const loads = offloadedDecode(large, { kind: "sparse", needed: 0.2, recompute: false });
  assert(sparse.seconds < loads.seconds);
  // With grouped heads inputs are larger than keys and values, so recomputing changes nothing.
  const grouped = { ...large, model: findModel("llama-3.1-8b"), batch: 512 };
  const [a, b] = [true, false].map((recompute) =>
    offloadedDecode(grouped, { kind: "sparse", needed: 0.5, recompute })
  );
  assert(a!.steps["loads or recomputation"] > 0);
  assertEquals(a!.seconds, b!.seconds);
});

Deno.test("offloadedDecode() of fewer needed tokens, fewer bits or a faster host never takes longer", () => {
  const at = (needed: number, storage: "bf16" | "int8" = "bf16") =>
    offloadedDecode(large, { kind: "sparse", needed, storage }).seconds;
  assert(at(0.1) <= at(0.2) && at(0.2) <= at(0.5) && at(0.5) <= at(1));
  assert(at(0.2, "int8") < at(0.2));
  const host = (rate?: number) =>
    offloadedDecode(large, { kind: "host", ...(rate && { rate }) }).seconds;
  assert(host(100e9) < host());
});

Deno.test("offloadedDecode() refuses what cannot run", () => {
  const kind = "wait" as const;
  assertThrows(
    () => offloadedDecode({ ...small, model: findModel("opt-30b") }, { kind }),
    RangeError,
    "weights of",
  );
  assertThrows(
    () => offloadedDecode({ ...small, promptTokens: 1_000_000 }, { kind }),
    RangeError,
    "one sequence of 1000064 tokens must fit",
  );
  assertThrows(
    () => offloadedDecode(small, { kind: "sparse", needed: 0 }),
    RangeError,
    "needed must be > 0",
  );
  assertThrows(
    () => offloadedDecode(small, { kind: "sparse", needed: 2 }),
    RangeError,
    "needed must be <= 1: current value is 2",
  );
  assertThrows(() => offloadedDecode({ ...small, batch: 0 }, { kind }), RangeError, "batch");
  assertThrows(
    () => offloadedDecode(small, { kind: "host", rate: 0 }),
    RangeError,
    "the rate must be > 0",
  );
});
