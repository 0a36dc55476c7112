/** A word of a text, and where it stands. */
export interface Word {
  readonly start: number;
  readonly end: number;
  /** What it can be found by: the word itself, and for a name like `ridgePoint` its parts, too. */
  readonly terms: readonly string[];
}

/** A word as it is looked for: case, accents and the like do not count. */
export function term(word: string): string {
  return word.normalize("NFKD").replaceAll(/\p{Mark}/gu, "").toLowerCase();
}

const word = /[\p{Letter}\p{Mark}\p{Number}]+/gu;

/** The parts of a name like `ridgePoint`. What is shorter than three letters says nothing alone. */
function nameParts(name: string): string[] {
  const parts = name.split(/(?<=\p{Lowercase})(?=\p{Uppercase})/u);
  return parts.length > 1 ? parts.filter((part) => part.length > 2) : [];
}

/** The words of a text, in its order. */
export function words(text: string): Word[] {
  return Array.from(text.matchAll(word), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
    terms: [found, ...nameParts(found)].map(term),
  }));
}
