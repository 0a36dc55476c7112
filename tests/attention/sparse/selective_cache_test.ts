import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  blockChooser,
  type Chooser,
  compressedChooser,
  indexChooser,
  oracleChooser,
  SelectiveCache,
  windowChooser,
} from "@fewer-bytes/attention";
import {
  denseCache,
  forward,
  type KeyValueCache,
  loadModel,
  WorkLog,
  writeStory,
} from "@fewer-bytes/lm";

const model = await loadModel("draft");
const { tokens } = writeStory(3, 60);
const run = (cache: KeyValueCache, log = new WorkLog()) =>
  forward(model, [{ tokens, cache }], { logits: "all", trace: log.trace })[0]!;

Deno.test("with everything chosen the model says what it says with its dense cache", () => {
  const dense = run(denseCache(model));
  const choosers: readonly Chooser[] = [
    windowChooser(model, { window: 60 }),
    blockChooser(model, { blockSize: 16, topK: 4 }),
    compressedChooser(model, { window: 60 }),
    oracleChooser(model, 60),
    indexChooser(model, 60),
  ];
  for (const chooser of choosers) {
    assertEquals(run(new SelectiveCache(denseCache(model), model, chooser)), dense);
  }
});

Deno.test("traffic is what the pass reports, and a window moves what it holds", () => {
  const [window, sinks] = [5, 2];
  const cache = new SelectiveCache(
    denseCache(model),
    model,
    windowChooser(model, { window, sinks }),
  );
  const log = new WorkLog();
  run(cache, log);
  const token = 8 * model.keyValueHeads * model.headDimension;
  let [expected, dense] = [0, 0];
  for (let position = 0; position < tokens.length; position++) {
    expected += model.layers.length * token * (Math.min(position + 1, window + sinks) + 1);
    dense += model.layers.length * token * (position + 2);
  }
  assertEquals([cache.traffic, cache.denseTraffic], [expected, dense]);
  assertEquals(log.of("attention")!.cache, expected);
  assertEquals(cache.length, tokens.length);
});

Deno.test("an inner cache whose tokens cost less makes reads cost less", () => {
  const traffic = (share: number) => {
    const inner = denseCache(model);
    const cheaper: KeyValueCache = {
      get length() {
        return inner.length;
      },
      get bytes() {
        return inner.bytes;
      },
      append: (layer, entry) => inner.append(layer, entry),
      advance: (count) => inner.advance(count),
      read(layer) {
        const read = inner.read(layer);
        return { ...read, traffic: share * 8 * inner.width * (read.count + 1) };
      },
    };
    const cache = new SelectiveCache(cheaper, model, windowChooser(model, { window: 9 }));
    run(cache);
    return cache.traffic;
  };
  assertAlmostEquals(traffic(0.25), traffic(1) / 4, 1e-6 * traffic(1));
});

Deno.test("it takes the inner cache's bytes and the chooser's, and reads fewer", () => {
  const chooser = blockChooser(model, { blockSize: 8, topK: 2 });
  const cache = new SelectiveCache(denseCache(model), model, chooser);
  run(cache);
  assertEquals(cache.bytes, cache.inner.bytes + chooser.bytes);
  assert(chooser.bytes > 0 && cache.traffic < cache.denseTraffic);
});

Deno.test("an inner cache that chooses itself is refused", () => {
  const inner = new SelectiveCache(denseCache(model), model, windowChooser(model, { window: 4 }));
  const outer = new SelectiveCache(inner, model, windowChooser(model, { window: 4 }));
  assertThrows(() => run(outer), TypeError, "must not choose itself");
});
