import { assert, assertEquals, assertThrows } from "@std/assert";
import { cacheLayers, keysAndValues, LayeredCache, TokenRows } from "@fewer-bytes/cache";
import {
  type CachedTokens,
  type CacheEntry,
  denseCache,
  type KeyValueCache,
} from "@fewer-bytes/lm";
import { blockFloatingPoint } from "@fewer-bytes/quantization";
import { caches, gap, hidden, logitsOf, model, someTokens, width } from "./runs.ts";

/** Every second token, and the newest: a cache around another one, as a method that chooses its reads would be. */
class EverySecond implements KeyValueCache {
  constructor(readonly inner: KeyValueCache) {}
  get length() {
    return this.inner.length;
  }
  get bytes() {
    return this.inner.bytes;
  }
  append(layer: number, entry: CacheEntry) {
    this.inner.append(layer, entry);
  }
  read(layer: number, query: Float32Array): CachedTokens {
    const all = this.inner.read(layer, query);
    const places = Uint32Array.from({ length: Math.ceil(all.count / 2) }, (_, i) => 2 * i);
    return { ...all, chosen: Array.from({ length: model.queryHeads }, () => places) };
  }
  advance(tokens: number) {
    this.inner.advance(tokens);
  }
}

const tokens = someTokens(23);
const format = blockFloatingPoint(4, 8); // 1 byte for the exponent, and half a byte for each value
const whole = logitsOf(denseCache(model), tokens);

for (const [name, make] of Object.entries(caches)) {
  Deno.test(`a ${name} cache takes no bytes before the first token`, () => {
    const cache = make(2, { window: 0 });
    assertEquals([cache.bytes, cache.length, cache.read(0, new Float32Array(24)).count], [0, 0, 0]);
  });

  Deno.test(`a ${name} cache with a window longer than the sequence changes no logit`, () => {
    assertEquals(logitsOf(make(2, { window: 24 }), tokens), whole);
  });

  Deno.test(`a ${name} cache comes closer to the dense one with 8 bits than with 2`, () => {
    const few = gap(logitsOf(make(2, { window: 0 }), tokens), whole);
    const many = gap(logitsOf(make(8, { window: 0 }), tokens), whole);
    assert(few > 0.01 && many < few / 4, `${few} with 2 bits, ${many} with 8`);
  });

  Deno.test(`a ${name} cache grows token by token as it does for all at once`, () => {
    const [all, each] = [make(2, { window: 4 }), make(2, { window: 4 })];
    const together = logitsOf(all, tokens);
    const one = tokens.map((token) => logitsOf(each, [token]));
    assertEquals(each.bytes, all.bytes);
    assertEquals(each.length, 23);
    assert(gap(one.at(-1)!, together.subarray(-one[0]!.length)) < 1e-4);
  });

  Deno.test(`a ${name} cache stands inside a cache that chooses what is read`, () => {
    const inside = logitsOf(new EverySecond(make(8, { window: 0 })), tokens);
    const plain = logitsOf(new EverySecond(denseCache(model)), tokens);
    assert(gap(inside, plain) < 0.5 && gap(plain, whole) > 0.5);
  });

  Deno.test(`a ${name} cache that waits in 16 bits takes half the bytes there`, () => {
    const bytes = (waiting: "fp16" | "fp32") => {
      const cache = make(2, { window: 24, waiting });
      assert(gap(logitsOf(cache, tokens), whole) < 0.05);
      return cache.bytes;
    };
    assertEquals(bytes("fp16"), bytes("fp32") / 2);
  });
}

Deno.test("a read moves what is stored, and what was written since the last one", () => {
  const cache = new LayeredCache([
    keysAndValues(new TokenRows(8, { format, window: 1 }), new TokenRows(8, { format })),
  ]);
  const row = new Float32Array(8).fill(1);
  const add = (position: number) =>
    cache.append(0, { position, keys: row, values: row, hidden: row });
  add(0);
  const [whole, rounded] = [4 * 8, 1 + 4];
  const stored = () => cache.read(0).traffic;
  assertEquals(stored(), 2 * (whole + rounded)); // read both, written both
  assertEquals(stored(), whole + rounded); // nothing is new
  add(1);
  assertEquals(stored(), whole + 3 * rounded + whole + 2 * rounded);
});

Deno.test("cacheLayers() refuses layers that see a window, and those that keep latents", () => {
  const [first] = model.layers;
  const windowed = { ...model, layers: [{ ...first!, window: 4 }] };
  const make = () => keysAndValues(new TokenRows(8, { format }), new TokenRows(8, { format }));
  assertThrows(() => cacheLayers(windowed, make), RangeError, "layer 0 sees 4");
  const latent = { rotaryQueries: first!.keys, down: first!.keys, rotaryKey: first!.keys };
  const latents = {
    ...model,
    layers: [{ ...first!, latent: { ...latent, norm: new Float32Array(1) } }],
  };
  assertThrows(() => caches["KIVI"]!(2, { window: 0 }, latents), TypeError, "Cannot round a cache");
});

Deno.test("every cache counts the bytes of what it keeps", () => {
  const bits = (name: string) => {
    const cache = caches[name]!(2, { window: 0 });
    logitsOf(cache, someTokens(20));
    return 8 * cache.bytes / 20 / model.layers.length;
  };
  const affine = 2 + 32 / 4;
  assertEquals(bits("KIVI"), 2 * width * affine);
  assertEquals(bits("KIVI before rotation"), 2 * width * affine);
  assertEquals(bits("TurboQuant"), 2 * width * (2 + 16 / 4));
  assertEquals(bits("block floating point"), 2 * width * (2 + 8 / 4));
  assertEquals(bits("any format"), 2 * width * (2 + 8 / 8));
  assertEquals(bits("XQuant"), hidden * affine);
  assertEquals(bits("XQuant latent"), 2 * width * affine);
  assertEquals(bits("XQuant-CL"), hidden * affine);
});
