import type { Story } from "../language/story.ts";
import type { KeyValueCache } from "./cache.ts";
import { forward, type ForwardOptions } from "./forward.ts";
import { denseCache } from "./generate.ts";
import type { LanguageModel } from "./language_model.ts";
import { probabilities } from "./sample.ts";

/** How well a model predicts some stories. */
export interface Score {
  /** Mean surprise of a token, in nats, over all but the first of each story. */
  readonly loss: number;
  /** e to the loss: among how many equally likely tokens the model seems to choose. */
  readonly perplexity: number;
  /**
   * The surprise at each of those tokens, story after story. Two models meet the same tokens, so their difference, token
   * by token, is known much better than either mean.
   */
  readonly surprises: Float64Array;
  /** The same two for the author of the stories, which no model can beat on average. */
  readonly floor: number;
  readonly perplexityFloor: number;
  /** Recalls of facts by distance: how many there were, and the share that the model got right to the last token. */
  readonly recall: readonly {
    readonly upTo: number;
    readonly count: number;
    readonly right: number;
  }[];
  /** The same for all things taken and counted: `takes four shells` is recalled by `counts the shells: four`. */
  readonly counted: { readonly count: number; readonly right: number };
}

const distances = [64, 128, 256, 512, 1024];

/** How a model is scored. */
export interface ScoreOptions extends Pick<ForwardOptions, "multiply"> {
  /** Makes the cache of each story. Default: a dense one. */
  readonly cache?: (model: LanguageModel) => KeyValueCache;
  /** Called after each story. */
  readonly onStory?: (done: number, of: number) => void;
}

/**
 * How well does this model know the language? Loss and perplexity against the exact floor, and recall by distance.
 *
 * A recall is right when each of its tokens is the model's likeliest, given the true tokens before it.
 *
 * @throws {RangeError} without stories, or with one of a single token.
 */
export function score(
  model: LanguageModel,
  stories: readonly Story[],
  options: ScoreOptions = {},
): Score {
  if (stories.length === 0 || stories.some(({ tokens }) => tokens.length < 2)) {
    throw new RangeError("Cannot score a model as it needs stories of at least two tokens");
  }
  const { vocabularySize } = model.shape;
  const surprises: number[] = [];
  let floor = 0;
  const recall = distances.map((upTo) => ({ upTo, count: 0, right: 0 }));
  const counted = { count: 0, right: 0 };
  stories.forEach(({ tokens, surprise: known, recalls }, done) => {
    const cache = options.cache?.(model) ?? denseCache(model);
    const [logits] = forward(model, [{ tokens: tokens.subarray(0, -1), cache }], {
      ...options,
      logits: "all",
    });
    const likeliest = new Uint16Array(tokens.length);
    for (let position = 1; position < tokens.length; position++) {
      const row = logits!.subarray((position - 1) * vocabularySize, position * vocabularySize);
      const chances = probabilities(row);
      surprises.push(-Math.log(chances[tokens[position]!]!));
      floor += known[position]!;
      likeliest[position] = row.indexOf(row.reduce((most, logit) => Math.max(most, logit)));
    }
    for (const { position, length, distance, sameWords } of recalls) {
      const bucket = sameWords ? recall.find(({ upTo }) => distance <= upTo) : counted;
      if (!bucket) continue;
      bucket.count++;
      const right = tokens.subarray(position, position + length).every((token, index) =>
        likeliest[position + index] === token
      );
      if (right) bucket.right++;
    }
    options.onStory?.(done + 1, stories.length);
  });
  const count = surprises.length;
  const loss = surprises.reduce((sum, surprise) => sum + surprise, 0) / count;
  return {
    loss,
    perplexity: Math.exp(loss),
    surprises: Float64Array.from(surprises),
    floor: floor / count,
    perplexityFloor: Math.exp(floor / count),
    recall: recall.filter(({ count }) => count > 0).map(({ upTo, count, right }) => ({
      upTo,
      count,
      right: right / count,
    })),
    counted: { ...counted, right: counted.count && counted.right / counted.count },
  };
}
