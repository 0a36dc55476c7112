import { shown } from "./gguf_values.ts";

/** What a byte-pair tokenizer is made of. */
export interface BytePairVocabulary {
  /** The text of each token; in ordinary ones, each character stands for a byte. */
  readonly tokens: readonly string[];
  /** Pairs of tokens, with a space between the two, in the order in which they are joined. */
  readonly merges: readonly string[];
  /** Tokens that stand for themselves, such as `<|im_start|>`, and are not made from text. */
  readonly special?: Iterable<number>;
  /** Patterns that cut a text before it is joined again: each cuts the pieces that the one before it left. */
  readonly patterns: readonly RegExp[];
}

/**
 * Turns text into the tokens of a real model, and back.
 *
 * Text becomes bytes; within a piece, the pair of neighbors that comes first in the list of merges is joined, again and
 * again, until no pair is in the list. As all starts from bytes, no text is unknown, unless the makers of a vocabulary
 * left a byte out.
 *
 * Source: Radford et al., "Language Models are Unsupervised Multitask Learners" (2019), section 2.2.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BytePairTokenizer } from "@fewer-bytes/lm";
 *
 * const tokenizer = new BytePairTokenizer({
 *   tokens: ["b", "y", "t", "e", "by", "te", "byte"],
 *   merges: ["t e", "b y", "by te"],
 *   patterns: [],
 * });
 * assertEquals(tokenizer.encode("byte"), [6]);
 * assertEquals(tokenizer.encode("bytty"), [4, 2, 2, 1]);
 * assertEquals(tokenizer.decode([4, 2, 2, 1]), "bytty");
 * ```
 */
export class BytePairTokenizer {
  readonly #tokens: readonly string[];
  readonly #patterns: readonly RegExp[];
  readonly #special: ReadonlySet<number>;
  readonly #bytes: readonly (number | undefined)[];
  /** By the two numbers of a pair: how early it is joined, and to which token. */
  readonly #merges = new Map<number, { readonly rank: number; readonly token: number }>();

  /**
   * @throws {SyntaxError} naming the token or the merge that is wrong.
   */
  constructor({ tokens, merges, special = [], patterns }: BytePairVocabulary) {
    this.#tokens = tokens;
    this.#patterns = patterns.map(({ source }) => new RegExp(source, "gu"));
    this.#special = new Set(special);
    const numbers = new Map<string, number>();
    for (const [token, text] of tokens.entries()) {
      if (this.#special.has(token)) continue;
      if (!isByteText(text)) {
        fail(`token ${token} must be made of the 256 characters for bytes`, text);
      }
      if (!numbers.has(text)) numbers.set(text, token);
    }
    this.#bytes = alphabet.map((character) => numbers.get(character));
    for (const [rank, merge] of merges.entries()) {
      const space = merge.indexOf(" ", 1);
      const [left, right] = [merge.slice(0, space), merge.slice(space + 1)];
      const [first, second] = [numbers.get(left), numbers.get(right)];
      const token = numbers.get(left + right);
      if (space < 0 || first === undefined || second === undefined || token === undefined) {
        return fail(`merge ${rank} must join two tokens to a third`, merge);
      }
      const pair = this.#pair(first, second);
      if (!this.#merges.has(pair)) this.#merges.set(pair, { rank, token });
    }
  }

  /** How many tokens there are. */
  get size(): number {
    return this.#tokens.length;
  }

  /** Whether a token stands for itself and not for text. */
  isSpecial(token: number): boolean {
    return this.#special.has(token);
  }

  /**
   * The number of a special token, by its name.
   *
   * @throws {RangeError} when the vocabulary has no such token.
   */
  special(name: string): number {
    const found = this.#tokens.findIndex((text, token) => text === name && this.isSpecial(token));
    if (found >= 0) return found;
    throw new RangeError(
      `Cannot find the special token ${JSON.stringify(name)} as the vocabulary does not have it`,
    );
  }

  /**
   * Turns text into tokens. Names of special tokens in it are text like any other, so that somebody who types
   * `<|im_end|>` does not end a turn of a conversation.
   *
   * @throws {RangeError} for a byte that the vocabulary has no token for.
   */
  encode(text: string): number[] {
    return this.#patterns.reduce(cut, [text]).flatMap((piece) => this.#join(piece));
  }

  /**
   * Turns tokens into text. Bytes that are no UTF-8, as when a token is half a character, become U+FFFD.
   *
   * @throws {RangeError} for a token that the vocabulary does not have.
   */
  decode(tokens: Iterable<number>): string {
    return [...this.decodeStream(tokens)].join("");
  }

  /**
   * Turns tokens into text as they come.
   *
   * @yields What each token adds; a character that is spread over several tokens comes with the last of these.
   */
  *decodeStream(tokens: Iterable<number>): Generator<string> {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    for (const token of tokens) yield decoder.decode(this.#bytesOf(token), { stream: true });
    yield decoder.decode();
  }

  #bytesOf(token: number): Uint8Array<ArrayBuffer> {
    const text = this.#tokens[token];
    if (text === undefined) {
      throw new RangeError(
        `Cannot decode token ${token} as it must be from 0 to ${this.size - 1}`,
      );
    }
    if (this.isSpecial(token)) return new TextEncoder().encode(text);
    return Uint8Array.from(text, (character) => byteOf.get(character)!);
  }

  #pair(first: number, second: number): number {
    return first * this.size + second;
  }

  #join(piece: string): number[] {
    const parts = Array.from(new TextEncoder().encode(piece), (byte) => {
      const token = this.#bytes[byte];
      if (token !== undefined) return token;
      throw new RangeError(
        `Cannot encode ${JSON.stringify(piece)} as the vocabulary has no token for byte ${byte}`,
      );
    });
    while (true) {
      let best: { readonly rank: number; readonly token: number } | undefined;
      let at = 0;
      for (let index = 0; index + 1 < parts.length; index++) {
        const merge = this.#merges.get(this.#pair(parts[index]!, parts[index + 1]!));
        if (merge && merge.rank < (best?.rank ?? Infinity)) [best, at] = [merge, index];
      }
      if (!best) return parts;
      parts.splice(at, 2, best.token);
    }
  }
}

/** Cuts pieces at what the pattern finds; what lies between two finds is a piece as well. */
function cut(pieces: readonly string[], pattern: RegExp): string[] {
  return pieces.flatMap((piece) => {
    const parts: string[] = [];
    let end = 0;
    for (const { 0: found, index } of piece.matchAll(pattern)) {
      parts.push(piece.slice(end, index), found);
      end = index + found.length;
    }
    return [...parts, piece.slice(end)].filter((part) => part !== "");
  });
}

/**
 * The character that stands for each byte: itself where it is printed in Latin-1, and for the others, in their order,
 * the characters from U+0100 on. So a space is written "Ġ".
 */
const alphabet: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte).map(
  (byte, _, all) =>
    String.fromCodePoint(isPrinted(byte) ? byte : 256 + all.slice(0, byte).filter(isHidden).length),
);
const byteOf = new Map(alphabet.map((character, byte) => [character, byte]));

function isPrinted(byte: number): boolean {
  return byte > 32 && byte < 127 || byte > 160 && byte !== 173;
}

function isHidden(byte: number): boolean {
  return !isPrinted(byte);
}

function isByteText(text: string): boolean {
  for (const character of text) if (!byteOf.has(character)) return false;
  return true;
}

function fail(requirement: string, value: string): never {
  throw new SyntaxError(
    `Cannot read GGUF: ${requirement}: current value is ${shown(value)}`,
  );
}
