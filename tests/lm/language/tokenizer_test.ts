import { assert, assertEquals, assertThrows } from "@std/assert";
import { decode, encode, vocabulary, writeStory } from "@fewer-bytes/lm";

Deno.test("decode() and encode() are inverse on every story, cut anywhere", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { tokens } = writeStory(seed, 50 + 37 * seed);
    assertEquals(encode(decode(tokens)), tokens);
  }
});

Deno.test("encode() makes a token of each word, digit and sign, and of a few phrases", () => {
  const tokens = Array.from(
    encode(`Mira's key is 4821. Kai says: "the lamp is warm".`),
    (token) => vocabulary[token],
  );
  assertEquals(tokens.join("|"), `Mira|'s key is|4|8|2|1|.|Kai|says|:|"|the|lamp|is|warm|"|.`);
});

Deno.test("the vocabulary has no word twice and at most 1,024", () => {
  assertEquals(new Set(vocabulary).size, vocabulary.length);
  assert(vocabulary.length <= 1024);
});

Deno.test("encode() and decode() refuse what the language does not have", () => {
  assertThrows(() => encode("Mira flies."), RangeError, '"flies"');
  assertThrows(() => decode([vocabulary.length]), RangeError, "token 347");
  assertThrows(() => decode([-1]), RangeError);
  assertThrows(() => decode([0.5]), RangeError);
});
