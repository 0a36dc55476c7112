import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { millionTokenSteps, plainFourBits, stack } from "@fewer-bytes/cache";

const start = { model: findModel("qwen3-8b"), hardware: findHardware("nvidia-b200") };
const stages = (options = {}) => stack(start, 1_000_000, millionTokenSteps(options));
const gigabytes = (bytes: number) => bytes / 1e9;

Deno.test("millionTokenSteps() leave 10.4 GB of storage and not a few, of a million tokens that took 147", () => {
  const [published, latent, fourBit, sparse] = stages({ fourBits: plainFourBits });
  // By hand: 36 layers x 2 x 8 heads x 128 x 2 bytes; 36 x 576 x 2 bytes; a quarter of that.
  assertAlmostEquals(gigabytes(published!.stored.cache), 147.456, 1e-3);
  assertAlmostEquals(gigabytes(latent!.stored.cache), 41.472, 1e-3);
  assertAlmostEquals(gigabytes(fourBit!.stored.cache), 10.368, 1e-3);
  // One compressed token for each 16 is kept besides.
  assertAlmostEquals(gigabytes(sparse!.stored.cache), 10.368 * (1 + 1 / 16), 1e-3);
});

Deno.test("millionTokenSteps() bring the cache to 0.66 GB of traffic a token, while the weights still move 15", () => {
  const [, , fourBit, sparse, weights] = stages({ fourBits: plainFourBits });
  assertAlmostEquals(gigabytes(fourBit!.moved.cache), 10.368, 1e-3);
  // By hand: a sixteenth of all, and 16 blocks of 64 and a window of 512 in 36 layers.
  const token = 36 * 576 / 2;
  assertAlmostEquals(sparse!.moved.cache / (token * (1e6 / 16 + 16 * 64 + 512)), 1, 1e-3);
  assertAlmostEquals(gigabytes(sparse!.moved.cache), 0.66, 0.01);
  assert(gigabytes(sparse!.moved.weights) > 15);
  assertAlmostEquals(weights!.moved.weights / sparse!.moved.weights, 1 / 4, 1e-3);
  assertEquals(weights!.moved.cache, sparse!.moved.cache);
});

Deno.test("millionTokenSteps() with scales store six percent more, and with 16-bit compressed tokens move four times as much", () => {
  const plain = stages({ fourBits: plainFourBits });
  const grouped = stages();
  assertAlmostEquals(grouped[2]!.stored.cache / plain[2]!.stored.cache, 4.25 / 4, 1e-9);
  const wide = stages({ fourBits: plainFourBits, fourBitIndex: false });
  assertEquals(wide[2]!.stored.cache, plain[2]!.stored.cache);
  const ratio = wide[3]!.moved.cache / plain[3]!.moved.cache;
  assert(ratio > 3.5 && ratio < 4);
});
