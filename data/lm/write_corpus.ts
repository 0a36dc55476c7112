/**
 * Writes the corpus that data/lm/train.py reads: stories as 16-bit tokens, one after the other, all equally long.
 *
 *   deno run --allow-write data/lm/write_corpus.ts FOLDER STORIES
 *
 * The stories to learn from have the seeds 1,000,000 and up; those to test with, whose exact floor is written beside
 * them, the seeds from 0. No story is in both.
 */
import { type DrillSubject, factKinds, writeStory } from "../../lib/lm/language/story.ts";
import { vocabulary } from "../../lib/lm/language/tokenizer.ts";

const [folder, stories] = Deno.args;
if (!folder || !(Number(stories) >= 1)) {
  console.error("Usage: deno run --allow-write data/lm/write_corpus.ts FOLDER STORIES");
  Deno.exit(2);
}
const length = 1024;

/** Writes stories with consecutive seeds; returns the mean surprise of all tokens but the first of each, in nats. */
async function write(
  name: string,
  firstSeed: number,
  count: number,
  length: number,
  drillOf?: (story: number) => readonly DrillSubject[],
): Promise<number> {
  using file = await Deno.open(`${folder}/${name}.bin`, { write: true, create: true, truncate: true });
  let surprise = 0;
  for (let story = 0; story < count; story++) {
    const { tokens, surprise: each } = writeStory(firstSeed + story, length, drillOf && { drill: drillOf(story) });
    await file.write(new Uint8Array(tokens.buffer));
    for (let position = 1; position < length; position++) surprise += each[position]!;
    if (story % 5000 === 4999) console.error(`${name}: ${story + 1} of ${count}`);
  }
  return surprise / (count * (length - 1));
}

/** One kind of fact, all five, two, all five, and so on: where there is but one, only the name tells the facts apart. */
function kindsOf(drill: number): readonly DrillSubject[] {
  const first = Math.floor(drill / 4) % factKinds.length;
  return [...factKinds, ...factKinds].slice(first, first + [1, 5, 2, 5][drill % 4]!);
}

/** Facts first; later, when they are recalled, things to count as well, and in every other drill nothing else. */
function longDrill(drill: number): readonly DrillSubject[] {
  return drill < 1700 ? factKinds : drill % 2 ? ["things"] : [...factKinds, "things"];
}

await Deno.mkdir(folder, { recursive: true });
// Drills, in which little but recalling is to be learned: short ones come first, long ones go along with the stories.
await write("short_drills", 10_000_000, 8_000, length / 4, kindsOf);
await write("drills", 20_000_000, Math.ceil(Number(stories) / 3), length, longDrill);
await write("train", 1_000_000, Number(stories), length);
const floor = await write("test", 0, 256, length);
// Where the answers of recalls stand in the test stories: story, position, length, distance, whether in the same words.
const recalls = Array.from({ length: 256 }, (_, story) => writeStory(story, length).recalls.map((recall) => [story, recall.position, recall.length, recall.distance, recall.sameWords])).flat();
await Deno.writeTextFile(`${folder}/corpus.json`, JSON.stringify({ length, stories: Number(stories), vocabulary: vocabulary.length, floor, recalls }));
console.error(`floor of the test stories: ${floor.toFixed(4)} nats a token`);
