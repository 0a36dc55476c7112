/** A small chapter as the server would tell it. */
import type { ChapterView, CodeView } from "../../../../kit/workbench/protocol.ts";

/** A code cell; `number` is its position. */
export function codeCell(id: string, number: number, source: string): CodeView {
  return {
    kind: "code",
    id,
    number,
    source,
    folded: false,
    own: false,
    count: null,
    outputs: [],
    state: "idle",
  };
}

/** A chapter with two code cells, `a` and `b`, and one exercise, which is in `b`. */
export function sampleChapter(a = "1;", b = "2;"): ChapterView {
  const link = { name: "01_x", number: 1, title: "X", plainTitle: "X", summary: "" };
  return {
    link,
    previous: null,
    next: null,
    contents: [],
    cells: [
      { kind: "prose", id: "p", html: "<p>Hello</p>" },
      codeCell("a", 2, a),
      { ...codeCell("b", 3, b), exercise: "01.1" },
    ],
    kernel: { state: "none", message: "" },
    problems: [],
    exercises: [{ id: "01.1", title: "One", points: 10, earned: 0, status: "not attempted" }],
    conflict: null,
    decks: { own: "/decks/own", course: "/decks/course" },
  };
}

/** A storage that lasts as long as the test. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}
