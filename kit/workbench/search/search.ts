import MiniSearch, { type SearchOptions } from "minisearch";
import type { Notebook } from "../../notebook/mod.ts";
import type { SearchHit } from "../protocol.ts";
import { excerpt } from "./search_excerpt.ts";
import { readSections, type Section } from "./search_section.ts";
import { term, words } from "./search_words.ts";

/** A chapter to look into. `name` is the notebook's file name without `.ipynb`. */
export interface SearchedChapter {
  readonly name: string;
  readonly book: Notebook;
}

/** Finds places in chapters. */
export interface Search {
  /** Where does the course speak of this? The best places first; none for a query without a word. */
  find(query: string, limit?: number): SearchHit[];
  /** Takes in a chapter that has changed, or is new. */
  update(name: string, book: Notebook): void;
}

/** A longer query is cut: nobody types one. */
const queryLength = 200;

const fields = ["heading", "title", "prose", "code"];
const boost = { heading: 4, title: 1.5, prose: 1, code: 0.3 };

/** How is a query understood? The first way that finds something counts. */
const ways: SearchOptions[] = [
  { combineWith: "AND" },
  { combineWith: "AND", fuzzy: true },
  { combineWith: "OR", fuzzy: true },
].map(({ combineWith, fuzzy = false }) => ({
  combineWith: combineWith as "AND" | "OR",
  boost,
  tokenize: (query) => words(query).map(({ terms }) => terms[0]!),
  // The last word may still be being typed.
  prefix: (word, index, all) => word.length > 2 || word.length === 2 && index === all.length - 1,
  // A number that is nearly the same is another number.
  fuzzy: (word) => fuzzy && word.length > 4 && !/\p{Number}/u.test(word) ? 0.2 : false,
}));

/**
 * An index of chapters, held in memory: one document for each section, whose heading counts most and whose code counts
 * least. All words must be there; if they are nowhere, words that look alike count, and then any of them.
 *
 * Chapters are read at once but indexed at the next search, so that a change costs next to nothing.
 */
export function createSearch(chapters: readonly SearchedChapter[]): Search {
  const index = new MiniSearch<Section & { id: number }>({
    fields,
    tokenize: (text) => words(text).flatMap(({ terms }) => terms),
    processTerm: term,
  });
  const sections = new Map<number, Section>();
  const changed = new Map<string, Section[]>();
  let nextId = 0;

  const catchUp = () => {
    for (const [id, section] of sections) {
      if (!changed.has(section.chapter)) continue;
      index.remove({ ...section, id });
      sections.delete(id);
    }
    for (const section of [...changed.values()].flat()) {
      const id = nextId++;
      index.add({ ...section, id });
      sections.set(id, section);
    }
    changed.clear();
  };

  const update = (name: string, book: Notebook) => void changed.set(name, readSections(name, book));
  for (const { name, book } of chapters) update(name, book);

  const find = (query: string, limit = 30): SearchHit[] => {
    catchUp();
    for (const way of ways) {
      const results = index.search(query.slice(0, queryLength), way);
      if (results.length === 0) continue;
      return results.slice(0, limit).map(({ id, terms, queryTerms }) => {
        const section = sections.get(id)!;
        const { chapter, number, title, heading, anchor } = section;
        const found = { wanted: queryTerms, terms };
        return { chapter, number, title, heading, anchor, excerpt: excerpt(section, found) };
      });
    }
    return [];
  };
  return { find, update };
}
