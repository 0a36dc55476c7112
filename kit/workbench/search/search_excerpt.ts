import { escapeHtml } from "../../render/escape.ts";
import type { Section } from "./search_section.ts";
import { type Word, words } from "./search_words.ts";

/** How long an excerpt is, in UTF-16 units. */
const length = 160;

/** What was looked for, and the terms of a document that were found for it. */
export interface Found {
  readonly wanted: readonly string[];
  readonly terms: readonly string[];
}

/** A found word: which of the wanted ones it stands for, and how well. */
interface Mark extends Word {
  readonly for: string;
  readonly quality: number;
  /** Its position among all words. */
  readonly position: number;
}

function findMarks(text: string, { wanted, terms }: Found): Mark[] {
  const found = new Set(terms);
  return words(text).flatMap((word, position): Mark[] => {
    const own = word.terms.filter((term) => found.has(term));
    if (own.length === 0) return [];
    const same = wanted.find((want) => own.includes(want));
    if (same !== undefined) return [{ ...word, for: same, quality: 3, position }];
    const begun = wanted.find((want) => own.some((term) => term.startsWith(want)));
    return [{ ...word, for: begun ?? own[0]!, quality: begun === undefined ? 1 : 2, position }];
  });
}

/** The marks of the place with most of the wanted words: each counts once, and neighbors a little more. */
function bestPlace(marks: readonly Mark[]): Mark[] {
  let best: { marks: Mark[]; worth: number } = { marks: [], worth: 0 };
  marks.forEach((first, index) => {
    const qualities = new Map<string, number>();
    let neighbors = 0;
    let after = index;
    for (; after < marks.length && marks[after]!.end - first.start <= length; after++) {
      const [previous, mark] = [marks[after - 1], marks[after]!];
      qualities.set(mark.for, Math.max(mark.quality, qualities.get(mark.for) ?? 0));
      if (after === index || previous?.position !== mark.position - 1) continue;
      if (previous.for !== mark.for) neighbors++;
    }
    const worth = qualities.values().reduce((sum, quality) => sum + quality, neighbors / 2);
    if (worth > best.worth) best = { marks: marks.slice(index, after), worth };
  });
  return best.marks;
}

/** Cuts a text around a place, between words, and marks what was found. */
function cut(text: string, marks: readonly Mark[]): string {
  const from = marks[0]?.start ?? 0;
  const to = marks.at(-1)?.end ?? 0;
  const ideal = Math.min(from - Math.floor((length - (to - from)) / 2), text.length - length);
  const spaceBefore = text.indexOf(" ", ideal);
  const start = ideal <= 0 ? 0 : spaceBefore < 0 ? from : Math.min(from, spaceBefore + 1);
  const limit = start + length;
  const spaceAfter = text.lastIndexOf(" ", limit);
  const end = limit >= text.length
    ? text.length
    : spaceAfter > start
    ? Math.max(to, spaceAfter)
    : limit;
  let html = start > 0 ? "… " : "";
  let done = start;
  for (const mark of marks) {
    html += escapeHtml(text.slice(done, mark.start));
    html += `<mark>${escapeHtml(text.slice(mark.start, mark.end))}</mark>`;
    done = mark.end;
  }
  return html + escapeHtml(text.slice(done, end)) + (end < text.length ? " …" : "");
}

/**
 * What does a section say about what was looked for? About 160 characters around its best place, as HTML: the found
 * words in `<mark>`, everything else escaped. Code is shown only for a word that nothing else in the section has.
 */
export function excerpt({ title, heading, prose, code }: Section, found: Found): string {
  const said = findMarks(prose, found);
  const written = findMarks(code, found);
  const others = [title, heading].flatMap((text) => findMarks(text, found));
  const known = new Set([...said, ...others].map((mark) => mark.for));
  const inCode = prose === "" || written.some((mark) => !known.has(mark.for));
  return inCode ? cut(code, bestPlace(written)) : cut(prose, bestPlace(said));
}
