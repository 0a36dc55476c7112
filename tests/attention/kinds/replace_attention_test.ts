import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { attentionName, findHardware, findModel } from "@fewer-bytes/catalog";
import { estimate, footprint } from "@fewer-bytes/roofline";
import { gqa, mla } from "@fewer-bytes/attention";
import type { CacheMethod, Reads } from "@fewer-bytes/transformer";

const model = findModel("llama-3.1-70b");
const plain = { model, hardware: findHardware("nvidia-h200-sxm"), devices: 1 };
const request = { promptTokens: 100_000, outputTokens: 2 };
const cache: CacheMethod = {
  name: "four bits",
  storage: { format: "int4", groupSize: 64, scaleBits: 16, zeroPointBits: 16 },
  recent: 64,
};
const reads: Reads = { name: "blocks", attended: (visible) => Math.min(visible, 4096) };

Deno.test("mla() and gqa() replace the attention of every layer, and keep the width of its heads", () => {
  const attention = model.layers[0]!.attention;
  assertEquals(attentionName(mla()(attention)), "MLA");
  assertEquals(attentionName(gqa(64)(attention)), "MHA");
  const latent = findModel("deepseek-v3").layers[0]!.attention;
  assertEquals(mla()(latent), latent);
  assertEquals(gqa(8)(latent), latent);
});

Deno.test("mla() and gqa() refuse what no attention has", () => {
  assertThrows(() => mla({ keyValueRank: 0 }), RangeError, "keyValueRank");
  assertThrows(() => gqa(0), RangeError, "keyValueHeads");
  assertThrows(
    () => gqa(7)(model.layers[0]!.attention),
    RangeError,
    "must divide its 64 query heads: current value is 7",
  );
});

Deno.test("attention, cache and reads in one deployment compose in the operator table, each where it acts", () => {
  const attention = mla();
  const stack = { ...plain, attention, cache, reads };
  const traffic = (deployment: Parameters<typeof estimate>[0]) =>
    estimate(deployment, request).decode.operators.reduce(
      (sum, { operator }) => sum + operator.bytes.cache,
      0,
    );
  // Footprint: every token, 576 values in each of 80 layers; the newest 64 in 16 bits, the rest in 4.5.
  const kept = 80 * 576 * (64 * 2 + (100_002 - 64) * 4.5 / 8);
  assertAlmostEquals(footprint(stack, request).cache, kept, 1);
  // Traffic of one step: 4,096 tokens, and the new one, written whole and once more when it leaves the recent ones.
  const moved = 80 * 576 * (64 * 2 + (4096 - 64) * 4.5 / 8 + 2 + 4.5 / 8);
  assertAlmostEquals(traffic(stack), moved, 1);
  // Multiplied factors of each alone would promise another number.
  const factor = [{ attention }, { cache }, { reads }]
    .map((one) => traffic({ ...plain, ...one }) / traffic(plain))
    .reduce((product, each) => product * each, 1);
  assert(Math.abs(factor * traffic(plain) / moved - 1) > 0.01, "factors do not multiply");
});

Deno.test("the whole step gains less than the cache does, as weights stay", () => {
  const [before, after] = [plain, { ...plain, attention: mla(), cache, reads }].map((each) =>
    estimate(each, request).timePerOutputToken
  );
  assert(before! / after! < 1.5 && after! < before!, `${before! / after!}`);
});
