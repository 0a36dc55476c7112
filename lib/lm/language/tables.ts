import { type Random, seeded } from "../../numeric/mod.ts";
import { adjectives, moods, names, objects, places, times, verbs } from "./words.ts";

/** What follows what in this language, and how often: rows of probabilities. It is what a model has to know by heart. */
export interface Tables {
  readonly placeOfName: Row[];
  readonly verbOfName: Row[];
  readonly moodOfName: Row[];
  readonly adjectiveOfPlace: Row[];
  readonly adjectiveOfVerb: Row[];
  readonly adjectiveOfObject: Row[];
  readonly objectOfName: Row[];
  /** Group of verbs times adjective. */
  readonly objectOfVerbAndAdjective: Row[];
  readonly timeAfterTime: Row[];
}

/** Probabilities that add up to 1. */
export type Row = Float64Array;

const people = names.She.length + names.He.length;

/** The tables of the language. They are fixed: another seed is another language. */
export const tables: Tables = makeTables(seeded(2009));

function makeTables(random: Random): Tables {
  const rows = (count: number, length: number, steepness: number) =>
    Array.from({ length: count }, () => zipf(random, length, steepness));
  return {
    placeOfName: rows(people, places.length, 1.4),
    verbOfName: rows(people, verbs.flat().length, 1.2),
    moodOfName: rows(people, moods.length, 1.4),
    adjectiveOfPlace: rows(places.length, adjectives.length, 1.6),
    adjectiveOfVerb: rows(verbs.flat().length, adjectives.length, 1.2),
    adjectiveOfObject: rows(objects.length, adjectives.length, 1.6),
    objectOfName: rows(people, objects.length, 1.4),
    objectOfVerbAndAdjective: rows(verbs.length * adjectives.length, objects.length, 1.5),
    timeAfterTime: rows(times.length, times.length, 1.6),
  };
}

/** Zipf's law over a shuffled list: a few words are common, most are rare, and which ones differs from row to row. */
function zipf(random: Random, length: number, steepness: number): Row {
  const row = new Float64Array(length);
  const order = random.shuffle(Array.from({ length }, (_, index) => index));
  let sum = 0;
  order.forEach((index, rank) => sum += row[index] = (rank + 1.5) ** -steepness);
  return row.map((weight) => weight / sum);
}
