import {
  adjectives,
  colors,
  glue,
  moods,
  names,
  numbers,
  objects,
  places,
  times,
  verbs,
} from "./words.ts";

/** The first token of every story. */
export const storyStart = "<story>";

/** All tokens, by their number. The order is part of the trained models: words may be added at the end only. */
export const vocabulary: readonly string[] = [
  storyStart,
  ...glue,
  ...names.She,
  ...names.He,
  "She",
  "He",
  ...places,
  ...objects.flat(),
  ...adjectives,
  ...verbs.flat(),
  ...moods,
  ...colors,
  ...numbers,
  ...times,
];

const numberOf = new Map(vocabulary.map((word, number) => [word, number]));
if (numberOf.size !== vocabulary.length) throw new Error("A word stands twice in the vocabulary");

/**
 * The number of a word.
 *
 * @throws {RangeError} for a word that the language does not have.
 */
export function tokenOf(word: string): number {
  const number = numberOf.get(word);
  if (number === undefined) {
    throw new RangeError(
      `Cannot tokenize ${JSON.stringify(word)} as the language has no such word`,
    );
  }
  return number;
}

/** Phrases first, then signs and digits one by one, then words; what is left is refused as it stands. */
const pieces = new RegExp(
  `${
    [...vocabulary.filter((word) => word.includes(" ")), storyStart].join("|")
  }|\\d|[.,:"]|[^\\s.,:"'\\d]+|\\S`,
  "g",
);

/**
 * Turns text into tokens. Words are split at spaces; signs and digits are tokens of their own,
 * and a few phrases are one token.
 *
 * @throws {RangeError} for a word that the language does not have.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decode, encode } from "@fewer-bytes/lm";
 *
 * assertEquals(encode("Mira's key is 4821.").length, 7);
 * assertEquals(decode(encode("Mira's key is 4821.")), "Mira's key is 4821.");
 * ```
 */
export function encode(text: string): Uint16Array {
  const words = text.match(pieces) ?? [];
  return Uint16Array.from(words, tokenOf);
}

/** Turns tokens into text, spaced as one writes. It is the inverse of {@linkcode encode} for text so spaced. */
export function decode(tokens: ArrayLike<number>): string {
  let text = "";
  let quoted = false;
  let previous = "";
  for (const token of Array.from(tokens)) {
    const word = vocabulary[token];
    if (word === undefined) {
      throw new RangeError(
        `Cannot decode token ${token} as it must be from 0 to ${vocabulary.length - 1}`,
      );
    }
    const closes = word === '"' && quoted;
    const opened = previous === '"' && quoted;
    const digits = /^\d$/.test(word) && /^\d$/.test(previous);
    const attached = text === "" || closes || opened || digits || /^([.,:]$|')/.test(word);
    if (word === '"') quoted = !quoted;
    text += attached ? word : ` ${word}`;
    previous = word;
  }
  return text;
}
