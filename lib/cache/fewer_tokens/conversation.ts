import {
  forward,
  type KeyValueCache,
  type LanguageModel,
  vocabulary,
  writeStory,
} from "../../lm/mod.ts";
import { seeded } from "../../numeric/mod.ts";
import { type Bytes, requireInteger, type Tokens } from "../../units/mod.ts";

/** One turn: what is asked, and what is right. */
export interface Question {
  /** Such as `Mira` and `'s key is`. */
  readonly tokens: Uint16Array;
  readonly answer: Uint16Array;
  /** Tokens from where it was last told to the end of the context. */
  readonly distance: Tokens;
}

/** A context, and questions about it that are asked one after the other. */
export interface Conversation {
  readonly context: Uint16Array;
  readonly questions: readonly Question[];
}

const end = vocabulary.indexOf(".");
const isFact = (token: number) => vocabulary[token]!.startsWith("'s ");

/**
 * Writes a conversation: a story, and questions about facts that it told and did not mention again for longest.
 *
 * @param options `context`: tokens of the story at most; it ends with a sentence. `turns`: questions, in random order.
 * @throws {RangeError} when the story tells fewer facts than are asked for.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decode } from "@fewer-bytes/lm";
 * import { writeConversation } from "@fewer-bytes/cache";
 *
 * const { context, questions } = writeConversation(3, { context: 300, turns: 2 });
 * const told = decode([...questions[0]!.tokens, ...questions[0]!.answer]);
 * assertEquals(decode(context).includes(told), true);
 * ```
 */
export function writeConversation(
  seed: number,
  { context: length = 512, turns = 4 }: {
    readonly context?: Tokens;
    readonly turns?: number;
  } = {},
): Conversation {
  requireInteger(turns, 1, "write a conversation", "turns");
  requireInteger(length, 1, "write a conversation", "the context");
  const { tokens } = writeStory(seed, length);
  const context = tokens.subarray(0, tokens.lastIndexOf(end) + 1);
  const facts = new Map<string, Question>();
  for (let at = 1; at < context.length; at++) {
    if (!isFact(context[at]!)) continue;
    const question = context.slice(at - 1, at + 1);
    const answer = context.slice(at + 1, context.indexOf(end, at));
    facts.set(question.join(), { tokens: question, answer, distance: context.length - at - 1 });
  }
  if (facts.size < turns) {
    throw new RangeError(
      `Cannot write a conversation as turns must be <= the facts told: ${turns} > ${facts.size}`,
    );
  }
  const longest = [...facts.values()].sort((a, b) => b.distance - a.distance).slice(0, turns);
  return { context, questions: seeded(seed).shuffle(longest) };
}

/** How a conversation is held. */
export interface ConverseOptions {
  /** When the cache first hears what is asked: in one piece with the context, or afterwards. Default "together". */
  readonly firstQuestion?: "together" | "afterwards";
}

/**
 * Asks turn by turn, on one cache. An answer is right when each of its tokens is the likeliest; the true ones are said in
 * any case, so that a mistake does not mislead the turns to come.
 *
 * @returns For each turn, whether the answer was right.
 */
export function converse(
  model: LanguageModel,
  { context, questions }: Conversation,
  cache: KeyValueCache,
  { firstQuestion = "together" }: ConverseOptions = {},
): boolean[] {
  let waiting: number[] = [...context];
  if (firstQuestion === "afterwards") {
    forward(model, [{ tokens: waiting, cache }]);
    waiting = [];
  }
  return questions.map(({ tokens, answer }) => {
    let next = [...waiting, ...tokens];
    let right = true;
    for (const token of answer) {
      const [logits] = forward(model, [{ tokens: next, cache }]);
      const likeliest = logits!.reduce((most, logit, t) => logit > logits![most]! ? t : most, 0);
      right &&= likeliest === token;
      next = [token];
    }
    waiting = [...next, end];
    return right;
  });
}

/** How a cache did, turn by turn. */
export interface TurnScore {
  /** For each turn, the share of right answers. */
  readonly right: readonly number[];
  /** Bytes of the cache after the last turn, on average. */
  readonly bytes: Bytes;
}

/**
 * Does a cache still know the context when the second question comes?
 *
 * Benchmarks with one question for each context hide it: a cache may keep just what that question needs. Where a context is
 * shared by several questions, as in a dialog or with a cached prompt, what was evicted for the first is missing for the
 * next. (Li et al. 2024, SCBench: methods whose memory grows slower than the context suffer over several turns, those that
 * keep it all and read a part do not.)
 *
 * @throws {RangeError} without conversations, or when they differ in their number of turns.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { denseCache, loadModel } from "@fewer-bytes/lm";
 * import { scoreTurns, writeConversation } from "@fewer-bytes/cache";
 *
 * const model = await loadModel("target");
 * const conversations = [writeConversation(1, { context: 100, turns: 1 })];
 * assertEquals(scoreTurns(model, conversations, denseCache).right, [1]);
 * ```
 */
export function scoreTurns(
  model: LanguageModel,
  conversations: readonly Conversation[],
  makeCache: (model: LanguageModel) => KeyValueCache,
  options: ConverseOptions = {},
): TurnScore {
  requireInteger(conversations.length, 1, "score turns", "the number of conversations");
  const turns = conversations[0]!.questions.length;
  const right = new Array<number>(turns).fill(0);
  let bytes = 0;
  for (const conversation of conversations) {
    if (conversation.questions.length !== turns) {
      throw new RangeError(
        `Cannot score turns as every conversation must have ${turns}: current value is ${conversation.questions.length}`,
      );
    }
    const cache = makeCache(model);
    converse(model, conversation, cache, options).forEach((answer, turn) => {
      if (answer) right[turn]!++;
    });
    bytes += cache.bytes / conversations.length;
  }
  return { right: right.map((count) => count / conversations.length), bytes };
}
