import { assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { complete } from "@fewer-bytes/roofline";
import { compileLayers } from "../../../lib/serving/cost/compile_rows.ts";

const hardware = findHardware("nvidia-h100-sxm");

Deno.test("compileLayers() finds that a key of Llama-3.1-8B is read in 4,096 bytes by each layer", () => {
  const full = complete({ model: findModel("llama-3.1-8b"), hardware });
  const { tokens, decode, prefill } = compileLayers(full, full.model.layers[0]!, [Infinity]);
  assertEquals([decode.length, prefill.length], [1, 1]); // attention alone differs between the phases
  assertAlmostEquals(decode[0]!.bytes.key / 32, 2 * 8 * 128 * 2, 1e-3);
  assertAlmostEquals(prefill[0]!.flops.pair / 32, 2 * 2 * 32 * 128, 1e-3);
  assertEquals(tokens.every(({ experts }) => experts === 0), true);
});

Deno.test("compileLayers() keeps latent attention apart: expanded in prefill, absorbed in decode", () => {
  const full = complete({ model: findModel("deepseek-v2-lite"), hardware });
  const { decode, prefill, tokens } = compileLayers(full, full.model.layers[1]!, [Infinity]);
  assertEquals(decode.length, 3);
  assertEquals(prefill.length, 2);
  const experts = tokens.find(({ experts }) => experts > 0)!;
  assertEquals(experts.experts, 64);
  assertAlmostEquals(experts.logMiss, Math.log(1 - 6 / 64), 1e-12);
});
