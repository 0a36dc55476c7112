/** Techniques together: what the runtime does with them, held against the operator table of one deployment. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { blockChooser, blockTopK, SelectiveCache } from "@fewer-bytes/attention";
import { kivi, KiviCache } from "@fewer-bytes/cache";
import {
  denseCache,
  expectedWork,
  forward,
  type KeyValueCache,
  loadModel,
  transformModel,
  WorkLog,
  writeStory,
} from "@fewer-bytes/lm";
import { Matrix } from "@fewer-bytes/numeric";
import { roundToNearest } from "@fewer-bytes/quantization";
import { operators, sumOperators } from "@fewer-bytes/transformer";

const model = await loadModel("draft");
const formats = { weights: "fp32", cache: "fp32", activations: "fp32" } as const;
const context = 512;
const { tokens } = writeStory(4, context + 1);
const step = { phase: "decode", batch: 1, newTokens: 1, context } as const;
const choice = { blockSize: 16, topK: 6 };
const reads = blockTopK({ ...choice, sharedChoice: true });
// With a scale for each token nothing waits for its group, and all tokens cost the same.
const cache = { ...kivi(2, { groupSize: 32, window: 0 }), recent: 0 };

const inner = {
  dense: () => denseCache(model),
  kivi: () => new KiviCache(model, { bits: 2, groupSize: 32, window: 0, keys: "token" }),
};
const choosing = (kept: KeyValueCache) =>
  new SelectiveCache(kept, model, blockChooser(model, { ...choice, together: true }));

/** The table writes a block's mean once, when it is full; the runtime keeps it up to date with each token. */
const meansUpdated = model.layers.length * 4 * model.keyValueHeads * model.headDimension *
  (1 - 1 / choice.blockSize);

/** What one token after the context makes attention do. */
function attentionOf(held: KeyValueCache) {
  forward(model, [{ tokens: tokens.subarray(0, context), cache: held }]);
  const log = new WorkLog();
  forward(model, [{ tokens: tokens.subarray(context), cache: held }], { trace: log.trace });
  return log.of("attention")!;
}

Deno.test("block reads of the real model are the operator table's: the same operations, the same bytes", () => {
  const did = attentionOf(choosing(inner.dense()));
  const table = operators(model.shape, step, { formats, reads });
  assertEquals(did.flops, expectedWork(table, "attention").flops);
  const says = expectedWork(table, "attention").cache +
    expectedWork(table, "choice of tokens").cache;
  assertEquals(did.cache, says + meansUpdated);
});

Deno.test("two bits and block reads together move what one deployment's table says, and not the product of two factors", () => {
  const moved = (held: KeyValueCache) => attentionOf(held).cache;
  const both = moved(choosing(inner.kivi()));
  const table = operators(model.shape, step, { formats, cache, reads });
  const says = sumOperators(
    table.filter(({ name }) => name === "attention" || name === "choice of tokens"),
  ).bytes.cache;
  assertAlmostEquals(both, says + meansUpdated, 1e-6);
  const [plain, bits, blocks] = [inner.dense(), inner.kivi(), choosing(inner.dense())].map(moved);
  const product = plain! * (bits! / plain!) * (blocks! / plain!);
  assert(both > 1.2 * product, `the means that are chosen by stay in full: ${both} > ${product}`);
});

Deno.test("quantized weights, a quantized cache and chosen reads run together, and say what is said alone when they change nothing", () => {
  const everything = { blockSize: 16, topK: 1000 };
  const all = (kept: KeyValueCache) =>
    new SelectiveCache(kept, model, blockChooser(model, everything));
  const wide = () => new KiviCache(model, { bits: 2, groupSize: 32, window: 1024 }); // all of it waits
  const same = transformModel(model, ({ data }) => data);
  const short = tokens.subarray(0, 100);
  const [stacked] = forward(same, [{ tokens: short, cache: all(wide()) }]);
  const [plain] = forward(model, [{ tokens: short, cache: denseCache(model) }]);
  assertEquals(stacked, plain);
  const four = transformModel(
    model,
    ({ outputs, inputs, data }) =>
      roundToNearest(new Matrix(outputs, inputs, data), { bits: 4, groupSize: 32 })
        .data as Float32Array<ArrayBuffer>,
  );
  const [changed] = forward(four, [{ tokens: short, cache: choosing(inner.kivi()) }]);
  assert(
    changed!.every(Number.isFinite) && changed!.some((logit, index) => logit !== plain![index]),
  );
});
