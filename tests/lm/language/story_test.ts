import { assert, assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { decode, type DrillSubject, factKinds, vocabulary, writeStory } from "@fewer-bytes/lm";

const stories = Array.from({ length: 300 }, (_, seed) => writeStory(50_000 + seed));
const word = (token: number | undefined) => vocabulary[token ?? -1];

Deno.test("writeStory() gives the same story for the same seed, and a longer one begins like a shorter one", () => {
  assertEquals(writeStory(3, 200), writeStory(3, 200));
  assertEquals(writeStory(3, 200).tokens, writeStory(3, 500).tokens.slice(0, 200));
  assert(writeStory(3, 200).tokens.join() !== writeStory(4, 200).tokens.join());
});

/** The characters of a story, read from its introduction: `<story> Once there were A , B and C .` */
function castOf(tokens: Uint16Array): number[] {
  const end = tokens.findIndex((token) => word(token) === ".");
  return Array.from(tokens.slice(2, end)).filter((token) => ![",", "and"].includes(word(token)!));
}

Deno.test("writeStory() introduces two to six different characters, all sizes and all names as likely", () => {
  const sizes = new Map<number, number>();
  for (const { tokens, surprise } of stories) {
    const cast = castOf(tokens);
    assertEquals(new Set(cast).size, cast.length);
    sizes.set(cast.length, (sizes.get(cast.length) ?? 0) + 1);
    cast.forEach((_, member) =>
      assertAlmostEquals(surprise[2 + 2 * member]!, Math.log(40 - member), 1e-12)
    );
    // All that is said between the names tells the size, one of five: together it is as surprising as one draw.
    const between = cast.slice(1).reduce((sum, _, member) => sum + surprise[3 + 2 * member]!, 0);
    assertAlmostEquals(between, Math.log(5), 1e-12);
  }
  assertEquals([...sizes.keys()].toSorted(), [2, 3, 4, 5, 6]);
  for (const count of sizes.values()) assertAlmostEquals(count, 60, 5 * Math.sqrt(300 * 0.2 * 0.8));
});

Deno.test("writeStory() finds the digits of a new key equally likely, and those of a recalled one certain", () => {
  let fresh = 0, again = 0;
  for (const { tokens, surprise, recalls } of stories) {
    const recalled = new Set(recalls.map(({ position }) => position));
    tokens.forEach((token, at) => {
      if (word(token) !== "'s key is") return;
      const first = at + 1;
      if (first + 4 > tokens.length) return;
      const expected = recalled.has(first) ? 0 : Math.log(10);
      recalled.has(first) ? again++ : fresh++;
      for (let digit = 0; digit < 4; digit++) {
        assertAlmostEquals(surprise[first + digit]!, expected, 1e-12);
      }
    });
  }
  assertGreater(fresh, 1000);
  assertGreater(again, 1000);
});

Deno.test("writeStory() recalls exactly what was told, as far back as it says", () => {
  let count = 0, farthest = 0;
  for (const { tokens, recalls } of stories) {
    for (const { position, length, distance } of recalls) {
      const told = position - distance;
      assertEquals(tokens.slice(position, position + length), tokens.slice(told, told + length));
      count++;
      farthest = Math.max(farthest, distance);
    }
  }
  assertGreater(count, 20 * stories.length);
  assertGreater(farthest, 900);
});

Deno.test("writeStory() uses each adjective after a verb as often as its surprise says (chi-square)", () => {
  // The row of a verb never changes, so each word has one probability: stated by its surprise, seen in its frequency.
  const rows = new Map<string, Map<string, { seen: number; chance: number }>>();
  for (const { tokens, surprise } of stories) {
    for (let at = 2; at < tokens.length; at++) {
      const verb = word(tokens[at - 2]);
      if (
        !["finds", "buys", "carries", "likes"].includes(verb!) || word(tokens[at - 1]) !== "the"
      ) continue;
      const row = rows.get(verb!) ?? new Map();
      rows.set(verb!, row);
      const entry = row.get(word(tokens[at])!) ?? { seen: 0, chance: Math.exp(-surprise[at]!) };
      assertAlmostEquals(entry.chance, Math.exp(-surprise[at]!), 1e-12);
      row.set(word(tokens[at])!, { ...entry, seen: entry.seen + 1 });
    }
  }
  assertEquals(rows.size, 4);
  for (const [verb, row] of rows) {
    const total = [...row.values()].reduce((sum, { seen }) => sum + seen, 0);
    const common = [...row.values()].filter(({ chance }) => chance * total >= 5);
    const rest = { seen: total, chance: 1 };
    for (const { seen, chance } of common) {
      rest.seen -= seen;
      rest.chance -= chance;
    }
    const cells = [...common, rest];
    const chiSquare = cells.reduce(
      (sum, { seen, chance }) => sum + (seen - total * chance) ** 2 / (total * chance),
      0,
    );
    const freedom = cells.length - 1;
    // Wilson and Hilferty's approximation of the 99.99 % quantile.
    const limit = freedom * (1 - 2 / (9 * freedom) + 3.72 * Math.sqrt(2 / (9 * freedom))) ** 3;
    assert(chiSquare < limit, `${verb}: ${chiSquare} with ${freedom} degrees of freedom`);
  }
});

Deno.test("writeStory() drills in what it is asked for, and in nothing else", () => {
  const verbs = (drill: readonly DrillSubject[]) => {
    const { tokens } = writeStory(9, 400, { drill });
    const sentences = decode([...tokens]).split(".").slice(1, -1).map((sentence) =>
      sentence.trim()
    );
    return new Set(
      sentences.map((sentence) => /'s \w+|\w+(?= |$)/.exec(sentence.replace(/^\w+ ?/, ""))![0]),
    );
  };
  assertEquals(verbs(["key"]), new Set(["'s key"]));
  assertEquals(verbs(["things"]), new Set(["takes", "counts"]));
  assertEquals(
    verbs([...factKinds, "things"]),
    new Set([...factKinds.map((kind) => `'s ${kind}`), "takes", "counts"]),
  );
});

Deno.test("writeStory() refuses a length that is none", () => {
  assertThrows(() => writeStory(1, 0), RangeError, "length");
  assertThrows(() => writeStory(NaN), RangeError, "seed");
});
