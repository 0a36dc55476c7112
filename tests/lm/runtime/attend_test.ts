import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type CachedTokens,
  type CacheEntry,
  DenseCache,
  denseCache,
  forward,
  type KeyValueCache,
  WorkLog,
} from "@fewer-bytes/lm";
import { tinyModel } from "./tiny.ts";

const model = tinyModel();
const tokens = [3, 1, 4, 1, 5, 9, 2, 6];

/** A dense cache whose reads are changed on the way. */
class ChangedCache extends DenseCache {
  constructor(readonly change: (cached: CachedTokens, layer: number) => CachedTokens) {
    super(3, 8);
  }
  override read(layer: number): CachedTokens {
    return this.change(super.read(layer), layer);
  }
}

function logits(cache: KeyValueCache): number[] {
  return Array.from(forward(model, [{ tokens, cache }])[0]!);
}

Deno.test("heads that choose some tokens see what they would see if only those were there", () => {
  const even = ({ count }: CachedTokens) =>
    Uint32Array.from({ length: Math.ceil(count / 2) }, (_, index) => count - 1 - 2 * index);
  const chosen = new ChangedCache((cached) => ({
    ...cached,
    chosen: Array.from({ length: 6 }, () => even(cached)),
  }));
  const gathered = new ChangedCache((cached) => {
    const places = even(cached);
    const gather = (from: Float32Array) =>
      Float32Array.from(
        { length: 8 * places.length },
        (_, i) => from[8 * places[i >> 3]! + i % 8]!,
      );
    return { count: places.length, keys: gather(cached.keys), values: gather(cached.values) };
  });
  const [some, only, all] = [logits(chosen), logits(gathered), logits(denseCache(model))];
  assertEquals(some, only);
  assert(some.some((logit, index) => Math.abs(logit - all[index]!) > 1e-3), "less is not all");
});

Deno.test("the order of cached tokens changes nothing, since positions are in the keys", () => {
  const reversed = new ChangedCache(({ count, keys, values }) => {
    const turn = (from: Float32Array) =>
      Float32Array.from({ length: 8 * count }, (_, i) => from[8 * (count - 1 - (i >> 3)) + i % 8]!);
    return { count, keys: turn(keys), values: turn(values) };
  });
  const turned = logits(reversed);
  logits(denseCache(model)).forEach((logit, index) =>
    assertAlmostEquals(turned[index]!, logit, 1e-5)
  );
});

Deno.test("a head for which nothing is chosen adds zeros, not NaN", () => {
  const nothing = new ChangedCache((cached) => ({
    ...cached,
    chosen: Array.from({ length: 6 }, () => new Uint32Array()),
  }));
  assert(logits(nothing).every(Number.isFinite));
});

Deno.test("a cache that observes hears shares that add up to one, from each head of each layer and token", () => {
  const heard = new Map<string, number>();
  class Observing extends DenseCache {
    observe(layer: number, head: number, shares: Float32Array) {
      const name = `${layer} ${head}`;
      heard.set(name, (heard.get(name) ?? 0) + 1);
      assertAlmostEquals(shares.reduce((sum, share) => sum + share, 0), 1, 1e-5);
    }
  }
  logits(new Observing(3, 8));
  assertEquals(heard.size, 3 * 6);
  assert([...heard.values()].every((times) => times === tokens.length));
});

Deno.test("the trace counts the pairs that heads looked at, and the bytes that the cache says it moved", () => {
  const log = new WorkLog();
  const cache = new ChangedCache((cached) => ({
    ...cached,
    chosen: Array.from({ length: 6 }, (_, head) => new Uint32Array(head)), // 0 + 1 + … + 5 pairs
    traffic: 100,
  }));
  forward(model, [{ tokens: [3], cache }], { trace: log.trace });
  const { flops, cache: bytes } = log.of("attention")!;
  assertEquals([flops, bytes], [3 * 2 * 2 * 4 * 15, 3 * 100]);
});

Deno.test("a read follows each append, and gets the rotated query of the token", () => {
  const calls: string[] = [];
  class Recording extends DenseCache {
    override append(layer: number, entry: CacheEntry) {
      calls.push(`append ${layer} ${entry.position}`);
      super.append(layer, entry);
    }
    override read(layer: number, query?: Float32Array) {
      calls.push(`read ${layer} ${query!.length}`);
      return super.read(layer);
    }
  }
  forward(model, [{ tokens: [3, 4], cache: new Recording(3, 8) }]);
  assertEquals(calls.slice(0, 4), ["append 0 0", "read 0 24", "append 0 1", "read 0 24"]);
  assertEquals(calls.length, 3 * 2 * 2);
});
