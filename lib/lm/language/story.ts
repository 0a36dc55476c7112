import { type Random, seeded } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { tables } from "./tables.ts";
import { storyStart, tokenOf } from "./tokenizer.ts";
import {
  adjectives,
  attributes,
  colors,
  moods,
  names,
  numbers,
  objects,
  phrases,
  places,
  times,
  verbs,
} from "./words.ts";

/** A place in a story where something is said again that was said before. */
export interface Recall {
  /** Where the answer begins, and how many tokens it has. */
  readonly position: number;
  readonly length: number;
  /** Tokens since it was last said. */
  readonly distance: number;
  /** True when it was told in the words in which it is asked for, as facts are; false for things taken and counted. */
  readonly sameWords: boolean;
}

/** A story, and what its author knows about it. */
export interface Story {
  readonly tokens: Uint16Array;
  /** Minus the logarithm of the probability of each token, given all before it, in nats. The first one is certain. */
  readonly surprise: Float64Array;
  readonly recalls: readonly Recall[];
}

const people = [...names.She, ...names.He];
const allVerbs = verbs.flatMap((group, index) => group.map((verb) => ({ verb, group: index })));
const singular = objects.map(([one]) => one);
const plural = objects.map(([, many]) => many);
const digits = [..."0123456789"];
/** The smallest and the largest cast; all sizes are equally likely. */
const castSizes = [2, 6] as const;
/** How likely a sentence opens with these words, where a name counts 1. */
const openings: Readonly<Record<string, number>> = { She: 3, He: 3, [phrases.now]: 0.6 };

/** A kind of fact about somebody: a key, a color, a number, a home or a friend. */
export type FactKind = keyof typeof attributes;

/** All kinds of facts. */
export const factKinds: readonly FactKind[] = Object.keys(attributes) as FactKind[];

/** What a drill is about: kinds of facts, and things that are taken and counted. */
export type DrillSubject = FactKind | "things";
const factWeight = Object.values(attributes).reduce((sum, weight) => sum + weight, 0);

/**
 * Writes a story: a cast of characters that walk, take, buy, say, and have keys and homes that are told once and recalled
 * later, up to the whole story apart.
 *
 * Every choice is visible in the token that it leads to, so the author knows the exact probability of each token given
 * the ones before it. No model can do better than the average surprise: it is the floor of the loss.
 *
 * @param length Tokens of the story, the start included; it ends where they end.
 * @param options With `drill` nobody does anything but tell and recall facts of these kinds, or take and count things: to
 *   learn recalling from.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decode, writeStory } from "@fewer-bytes/lm";
 *
 * const { tokens } = writeStory(7, 40);
 * assertEquals(decode(tokens), decode(writeStory(7, 40).tokens)); // the same seed, the same story
 * ```
 */
export function writeStory(
  seed: number,
  length = 1024,
  { drill }: { readonly drill?: readonly DrillSubject[] } = {},
): Story {
  requireInteger(length, 1, "write a story", "length");
  const author = new Author(seeded(seed), length, drill);
  author.write();
  return author.story();
}

/** Stops the author in the middle of a sentence, when the story is long enough. */
class Full extends Error {}

/** What somebody may do: the word that says it, how likely it is, and what follows the word. */
type Act = readonly [word: string, weight: number, act: () => void];

/** What was said of somebody: its tokens, and where they stand. */
interface Told {
  readonly tokens: readonly number[];
  readonly position: number;
}

class Author {
  readonly #tokens: number[] = [];
  readonly #surprise: number[] = [];
  readonly #recalls: Recall[] = [];
  readonly #told = new Map<string, Told>();
  readonly #held = new Map<number, number[]>();
  readonly #cast: number[] = [];
  #subject: number | undefined;
  #time: number | undefined;

  constructor(
    readonly random: Random,
    readonly length: number,
    readonly drill?: readonly DrillSubject[],
  ) {}

  story(): Story {
    return {
      tokens: Uint16Array.from(this.#tokens),
      surprise: Float64Array.from(this.#surprise),
      recalls: this.#recalls.filter(({ position, length }) => position + length <= this.length),
    };
  }

  write(): void {
    try {
      this.#say(storyStart);
      this.#introduce();
      while (true) this.#sentence();
    } catch (error) {
      if (!(error instanceof Full)) throw error;
    }
  }

  #emit(token: number, probability: number): void {
    if (this.#tokens.length === this.length) throw new Full();
    this.#tokens.push(token);
    this.#surprise.push(-Math.log(probability));
  }

  /** Words that could not be others. */
  #say(...words: string[]): void {
    for (const word of words) this.#emit(tokenOf(word), 1);
  }

  /** One of several words, which must differ, by weight. Returns which. */
  #choose(words: readonly string[], weights: ArrayLike<number> = words.map(() => 1)): number {
    let total = 0;
    for (let index = 0; index < words.length; index++) total += weights[index]!;
    let rest = this.random.uniform() * total;
    let chosen = 0;
    while (chosen < words.length - 1 && (rest -= weights[chosen]!) >= 0) chosen++;
    this.#emit(tokenOf(words[chosen]!), weights[chosen]! / total);
    return chosen;
  }

  /** Names the cast. The "and" before the last one is where a reader learns how many there are. */
  #introduce(): void {
    this.#say(phrases.start);
    const left = people.map((_, index) => index);
    const [smallest, largest] = castSizes;
    for (let ended = false; !ended;) {
      const count = this.#cast.length;
      if (count > 0) {
        const more = largest - Math.max(count + 1, smallest); // sizes that are larger than one more
        ended = this.#choose([",", "and"], [more, count + 1 >= smallest ? 1 : 0]) === 1;
      }
      const chosen = this.#choose(left.map((index) => people[index]!));
      this.#cast.push(...left.splice(chosen, 1));
    }
    this.#say(".");
  }

  /** A sentence opens with a character, with the pronoun of the last one, or with the time of day. */
  #sentence(): void {
    if (this.drill) {
      return this.#practice(
        this.#cast[this.#choose(this.#cast.map((index) => people[index]!))]!,
        this.drill,
      );
    }
    const pronoun = this.#subject === undefined ? [] : [pronounOf(this.#subject)];
    const words = [...pronoun, phrases.now, ...this.#cast.map((index) => people[index]!)];
    const opening = this.#choose(words, words.map((word) => openings[word] ?? 1));
    const named = opening > pronoun.length;
    if (opening === pronoun.length) return this.#tellTime();
    if (named) this.#subject = this.#cast[opening - pronoun.length - 1]!;
    this.#act(this.#subject!, named);
  }

  #practice(who: number, subjects: readonly DrillSubject[]): void {
    const held = this.#held.get(who) ?? [];
    const acts = subjects.flatMap((subject): Act[] =>
      subject === "things"
        ? [["takes", 3, () => this.#take(who)], [
          "counts",
          held.length > 0 ? 6 : 0,
          () => this.#count(who, held),
        ]]
        : [[phrases.of(subject), attributes[subject], () => this.#tell(who, subject)]]
    );
    this.#oneOf(acts)();
  }

  /** Chooses what happens by the word with which it is said. */
  #oneOf(acts: readonly Act[]): () => void {
    const possible = acts.filter(([, weight]) => weight > 0);
    return possible[
      this.#choose(possible.map(([word]) => word), possible.map(([, weight]) => weight))
    ]![2];
  }

  #tellTime(): void {
    this.#time = this.#choose(
      times,
      this.#time === undefined ? undefined : tables.timeAfterTime[this.#time],
    );
    this.#say(".");
  }

  /** What somebody does. Only after a name, and not after a pronoun, is something told that can be recalled. */
  #act(who: number, named: boolean): void {
    const held = this.#held.get(who) ?? [];
    const acts: Act[] = [
      ...factKinds.map((kind): Act => [
        phrases.of(kind),
        named ? 9 * attributes[kind] / factWeight : 0,
        () => this.#tell(who, kind),
      ]),
      ["walks", 1, () => this.#go(who)],
      ["runs", 0.5, () => this.#go(who)],
      ["takes", named ? 1 : 0, () => this.#take(who)],
      ["counts", named && held.length > 0 ? 1 : 0, () => this.#count(who, held)],
      ["gives", held.length > 0 ? 0.7 : 0, () => this.#give(who, held)],
      ["says", 0.7, () => this.#quote()],
      ["is", 0.8, () => this.#feel(who)],
    ];
    const treats = allVerbs.map(({ verb }, index): Act => [
      verb,
      4 * tables.verbOfName[who]![index]!,
      () => this.#treat(index),
    ]);
    this.#oneOf([...acts, ...treats])();
  }

  #feel(who: number): void {
    this.#choose(moods, tables.moodOfName[who]);
    this.#say(".");
  }

  #treat(verb: number): void {
    this.#say("the");
    const adjective = this.#choose(adjectives, tables.adjectiveOfVerb[verb]);
    const row = allVerbs[verb]!.group * adjectives.length + adjective;
    const object = this.#choose(singular, tables.objectOfVerbAndAdjective[row]);
    if (this.#choose([".", ","], [3, 1]) === 0) return;
    this.#say("it", "is");
    this.#choose(adjectives, tables.adjectiveOfObject[object]);
    this.#say(".");
  }

  #go(who: number): void {
    this.#say("to", "the");
    const place = this.#choose(places, tables.placeOfName[who]);
    this.#say(",");
    this.#choose(adjectives, tables.adjectiveOfPlace[place]);
    this.#say(".");
  }

  #take(who: number): void {
    const position = this.#tokens.length;
    const number = this.#choose(numbers, numbers.map((_, index) => 1 / (index + 2)));
    const object = this.#choose(number === 0 ? singular : plural, tables.objectOfName[who]);
    const held = this.#held.get(who) ?? [];
    if (!held.includes(object)) this.#held.set(who, [...held, object]);
    this.#told.set(`${who} ${object}`, { tokens: [tokenOf(numbers[number]!)], position });
    this.#say(".");
  }

  #count(who: number, held: readonly number[]): void {
    this.#say("the");
    const object = held[this.#choose(held.map((object) => plural[object]!))]!;
    this.#say(":");
    this.#recall(`${who} ${object}`, false);
  }

  #give(who: number, held: readonly number[]): void {
    this.#say("the");
    this.#choose(held.map((object) => singular[object]!));
    this.#say("to");
    this.#choose(this.#others(who));
    this.#say(".");
  }

  #quote(): void {
    this.#say(":", '"', "the");
    const object = this.#choose(singular);
    this.#say("is");
    this.#choose(adjectives, tables.adjectiveOfObject[object]);
    this.#say('"', ".");
  }

  /** Tells a fact about somebody; one that was told before is told the same. */
  #tell(who: number, kind: FactKind): void {
    const fact = `${who} ${kind}`;
    if (this.#told.has(fact)) return this.#recall(fact, true);
    const position = this.#tokens.length;
    if (kind === "key") { for (let digit = 0; digit < 4; digit++) this.#choose(digits); }
    else if (kind === "number") { for (let digit = 0; digit < 2; digit++) this.#choose(digits); }
    else if (kind === "color") this.#choose(colors);
    else if (kind === "home") this.#choose(places, tables.placeOfName[who]);
    else this.#choose(this.#others(who));
    this.#told.set(fact, { tokens: this.#tokens.slice(position), position });
    this.#say(".");
  }

  #recall(fact: string, sameWords: boolean): void {
    const { tokens, position: last } = this.#told.get(fact)!;
    const position = this.#tokens.length;
    this.#recalls.push({ position, length: tokens.length, distance: position - last, sameWords });
    this.#told.set(fact, { tokens, position });
    for (const token of tokens) this.#emit(token, 1);
    this.#say(".");
  }

  #others(who: number): string[] {
    return this.#cast.filter((other) => other !== who).map((other) => people[other]!);
  }
}

function pronounOf(person: number): string {
  return person < names.She.length ? "She" : "He";
}
