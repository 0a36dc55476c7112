import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  BytePairTokenizer,
  type BytePairVocabulary,
} from "../../../lib/lm/weights/byte_pair_tokenizer.ts";

/** The characters for the 256 bytes, as GPT-2's vocabulary begins with them; token n is not always byte n. */
const alphabet = [
  ..."!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
  ..."¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ",
  ..."ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĬĭĮįİıĲĳĴĵĶķĸĹĺĻļĽľĿŀŁłŃ",
];
const joined = ["lo", "hel", "llo", "he", "hello", "Ġhello", "ðŁ", "Ãī", "11"];
const merges = ["l o", "h e", "he l", "l lo", "hel lo", "Ġ hello", "ð Ł", "Ã ī", "1 1"];
const tokens = [...alphabet, ...joined, "<|end|>"];
const end = tokens.length - 1;
const patterns = [/\p{N}/u, / ?\p{L}+|\p{White_Space}+/u];

const make = (changes: Partial<BytePairVocabulary> = {}) =>
  new BytePairTokenizer({ tokens, merges, special: [end], patterns, ...changes });
const tokenizer = make();
const texts = (text: string) => tokenizer.encode(text).map((token) => tokens[token]);

Deno.test("BytePairTokenizer has a character for each byte, in the order of GPT-2", () => {
  assertEquals(alphabet.length, 256);
  assertEquals(new Set(alphabet).size, 256);
});

Deno.test("encode() joins the pair that comes first in the list, not the one that stands first", () => {
  // "l o" is the first of the list: "h e l lo", then "he l lo", then "hel lo".
  assertEquals(texts("hello"), ["hello"]);
  assertEquals(texts("helo"), ["he", "lo"]);
  assertEquals(texts("llo"), ["llo"]);
});

Deno.test("encode() joins nothing across a cut, and each pattern cuts what the one before left", () => {
  assertEquals(texts(" hello"), ["Ġhello"]);
  assertEquals(texts("11"), ["1", "1"]);
  assertEquals(texts("hel1lo"), ["hel", "1", "lo"]);
  assertEquals(texts("é!"), ["Ã", "©", "!"]);
});

Deno.test("encode() takes what is between the finds of a pattern for a piece", () => {
  const none = make({ patterns: [/x/u] });
  assertEquals(none.encode("11xhello").map((token) => tokens[token]), ["11", "x", "hello"]);
  assertEquals(make({ patterns: [] }).encode("11"), [tokens.indexOf("11")]);
});

Deno.test("encode() takes the name of a special token for text", () => {
  assertEquals(tokenizer.special("<|end|>"), end);
  assertEquals(tokenizer.encode("<|end|>").includes(end), false);
  assertEquals(tokenizer.decode([end, ...tokenizer.encode("<|end|>")]), "<|end|><|end|>");
});

Deno.test("decode() is the inverse of encode() for any text", () => {
  const text = fc.string({ unit: "binary", maxLength: 30 });
  fc.assert(fc.property(text, (text) => {
    assertEquals(tokenizer.decode(tokenizer.encode(text)), text.toWellFormed());
  }));
});

Deno.test("decodeStream() gives a character when its last byte has come", () => {
  const smile = tokenizer.encode("a🎉b");
  assertEquals(smile.length, 5);
  assertEquals([...tokenizer.decodeStream(smile)], ["a", "", "", "🎉", "b", ""]);
});

Deno.test("decode() gives U+FFFD for bytes that are no UTF-8, and refuses tokens that are not there", () => {
  const half = tokenizer.encode("🎉").slice(0, 2);
  assertEquals(tokenizer.decode(half), "\ufffd");
  assertEquals(tokenizer.decode([...half, end]), "\ufffd<|end|>");
  for (const token of [-1, tokens.length, 0.5, NaN]) {
    assertThrows(
      () => tokenizer.decode([token]),
      RangeError,
      `Cannot decode token ${token} as it must be from 0 to ${tokens.length - 1}`,
    );
  }
});

Deno.test("encode() says which byte the vocabulary leaves out", () => {
  const without = make({
    tokens: tokens.map((text) => text === "z" ? "<z>" : text),
    special: [tokens.indexOf("z")],
  });
  assertThrows(
    () => without.encode("a z"),
    RangeError,
    'Cannot encode " z" as the vocabulary has no token for byte 122',
  );
});

Deno.test("special() refuses names of tokens that are not special", () => {
  assertThrows(
    () => tokenizer.special("hello"),
    RangeError,
    'Cannot find the special token "hello"',
  );
});

Deno.test("BytePairTokenizer refuses tokens and merges that cannot be", () => {
  const refused: [Partial<BytePairVocabulary>, string][] = [
    [{ special: [] }, ""],
    [{ tokens: [...tokens, "日"] }, `token ${tokens.length} must be made of the 256 characters`],
    [{ merges: ["h e", "he"] }, "merge 1 must join two tokens to a third"],
    [{ merges: ["h e", "x y"] }, "merge 1 must join two tokens to a third"],
    [{ merges: ["日 e"] }, "merge 0 must join two tokens to a third"],
  ];
  for (const [changes, message] of refused) {
    if (message === "") make(changes);
    else assertThrows(() => make(changes), SyntaxError, `Cannot read GGUF: ${message}`);
  }
});
