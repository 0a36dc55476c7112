import { assert, assertEquals } from "@std/assert";
import { stepProfile } from "@fewer-bytes/disaggregation";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { operators } from "@fewer-bytes/transformer";
import { stepTime } from "@fewer-bytes/roofline";

const sizes = { "opt-13b": [1, 2, 4], "opt-66b": [2, 3, 4, 8] };
const engines = ["distserve", "vllm"] as const;

Deno.test("stepProfile() knows what was measured, and nothing else", () => {
  for (const engine of engines) {
    for (const model of ["opt-13b", "opt-66b", "opt-175b"] as const) {
      const known = [1, 2, 3, 4, 5, 6, 7, 8]
        .filter((devices) => stepProfile(engine, model, devices) !== undefined);
      assertEquals(known, sizes[model as keyof typeof sizes] ?? []);
    }
  }
});

Deno.test("no measured prompt is faster than the roofline, and none more than four times as slow", () => {
  const hardware = findHardware("nvidia-a100-sxm-80gb");
  for (const [name, all] of Object.entries(sizes)) {
    for (const devices of all.filter((count) => count !== 3)) {
      const model = findModel(name);
      const step = { phase: "prefill", batch: 1, newTokens: 1500, context: 0 } as const;
      const bound = stepTime(operators(model, step, { devices }), hardware).seconds;
      for (const engine of engines) {
        const [fixed, token, square] = stepProfile(engine, name, devices)!.prefill;
        const measured = (fixed + 1500 * token + 1500 ** 2 * square) / 1000;
        assert(measured > bound && measured < 4 * bound, `${engine}, ${name} on ${devices}`);
      }
    }
  }
});

Deno.test("DistServe's engine is the faster one in every phase and size", () => {
  for (const [name, all] of Object.entries(sizes)) {
    for (const devices of all) {
      const [own, vllm] = engines.map((engine) => stepProfile(engine, name, devices)!);
      assert(own!.prefill[1] < vllm!.prefill[1] && own!.smallBatch[0] < vllm!.smallBatch[0]);
    }
  }
});
