import { type CachedModel } from "../cache/mod.ts";
import type { KeyValueCache, Weight } from "../lm/mod.ts";
import { seeded } from "../numeric/mod.ts";

const none: Weight = { name: "none", outputs: 1, inputs: 1, data: new Float32Array(1) };
const width = 32;
/** One layer with one head: what a cache needs to know of a model that is not there. */
export const oneHead: CachedModel = {
  layers: [{
    attentionNorm: none.data,
    queries: none,
    keys: none,
    values: none,
    output: none,
    feedForwardNorm: none.data,
    gate: none,
    up: none,
    down: none,
  }],
  queryHeads: 1,
  keyValueHeads: 1,
  headDimension: width,
  ropeTheta: 10_000,
};

/** What {@linkcode answersByTurn} asks, for the assumptions of a claim. */
export const turnsWords =
  "a head without a model: 100 tokens with random keys, and queries that ask for one of them each; 24 contexts, two questions";

/**
 * Asks a cache for two tokens of a context, one after the other. The first question is the end of the prompt. An answer
 * is right when the token that gets most attention is the one that was asked for.
 *
 * @returns The share of right answers, for each question.
 */
export function answersByTurn(make: (model: CachedModel) => KeyValueCache): [number, number] {
  const random = seeded(8);
  const right: [number, number] = [0, 0];
  const contexts = 24;
  for (let context = 0; context < contexts; context++) {
    const keys = Array.from(
      { length: 100 },
      () => Float32Array.from({ length: width }, () => random.normal()),
    );
    const cache = make(oneHead);
    let position = 0;
    /** One token; gives the position that its query looks at most. */
    const step = (key: Float32Array, query: Float32Array): number => {
      const values = new Float32Array(width).fill(position);
      cache.append(0, { position: position++, keys: key, values, hidden: none.data });
      const read = cache.read(0, query);
      const places = read.chosen?.[0] ?? Uint32Array.from({ length: read.count }, (_, i) => i);
      const scores = Array.from(places, (place) => {
        let score = 0;
        for (let i = 0; i < width; i++) score += query[i]! * read.keys[place * width + i]!;
        return score / Math.sqrt(width);
      });
      const largest = Math.max(...scores);
      const weights = scores.map((score) => Math.exp(score - largest));
      const sum = weights.reduce((a, b) => a + b, 0);
      cache.observe?.(0, 0, Float32Array.from(weights, (weight) => weight / sum));
      return read.values[places[scores.indexOf(largest)]! * width]!;
    };
    const quiet = () => Float32Array.from({ length: width }, () => 0.2 * random.normal());
    const asked = [random.integer(80), random.integer(80)] as const;
    for (const key of keys.slice(0, 99)) step(key, quiet());
    const ask = (turn: 0 | 1) => {
      if (step(keys[99]!, keys[asked[turn]]!.map((value) => 3 * value)) === asked[turn]) {
        right[turn]++;
      }
    };
    ask(0);
    cache.advance(100);
    ask(1);
    cache.advance(1);
  }
  return [right[0] / contexts, right[1] / contexts];
}
