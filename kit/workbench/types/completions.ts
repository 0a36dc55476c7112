import type { CompletionItem, Position } from "./language_protocol.ts";
import type { Completion } from "../protocol.ts";

/** So many proposals are shown at most. */
const most = 60;

/** CodeMirror's words for the protocol's numbers of kinds. */
const kinds: Readonly<Record<number, string>> = {
  2: "method",
  3: "function",
  4: "class",
  5: "property",
  6: "variable",
  7: "class",
  8: "interface",
  10: "property",
  13: "enum",
  14: "keyword",
  20: "constant",
  21: "constant",
  25: "type",
};

/** What an imported name stands for is told by its detail alone: `(alias) class Matrix`. */
const declared = /^(?:\(alias\) )?(class|function|interface|type|enum)\b/;

/** The name that is being typed, before the cursor. */
function wordBefore(line: string): string {
  return line.match(/[\p{ID_Continue}$]*$/u)?.[0] ?? "";
}

/** How well does a label fit what was typed? 0: begins so, 1: but for capitals, 2: has it inside; undefined: not. */
function fit(label: string, word: string): number | undefined {
  if (label.startsWith(word)) return 0;
  const [inside, letters] = [label.toLowerCase(), word.toLowerCase()];
  if (inside.startsWith(letters)) return 1;
  return inside.includes(letters) ? 2 : undefined;
}

/** The name itself: one that may be missing is marked by a question mark. */
function nameOf({ label }: CompletionItem): string {
  return label.replace(/\?$/, "");
}

/** What takes the place of the word; undefined when more than the word would have to change. */
function insertion(item: CompletionItem, line: string): string | undefined {
  const { textEdit } = item;
  if (!textEdit) return nameOf(item);
  const start: Position | undefined = (textEdit.insert ?? textEdit.range)?.start;
  const before = line.slice(start?.character, line.length - wordBefore(line).length);
  if (textEdit.newText.startsWith(before)) return textEdit.newText.slice(before.length);
  // A value that may be undefined: `?.` would have to replace the dot. The type checker asks for it soon enough.
  return before === "." && textEdit.newText === `?.${nameOf(item)}` ? nameOf(item) : undefined;
}

/**
 * Of all that the language server proposes, what fits the word before the cursor: the best first, names that are declared
 * near before those of the language.
 *
 * @param line the line of code up to the cursor
 */
export function chooseCompletions(
  items: readonly CompletionItem[],
  line: string,
): CompletionItem[] {
  const word = wordBefore(line);
  const best = items
    .map((item) => ({ item, rank: fit(item.label, word) ?? NaN, sort: item.sortText ?? "" }))
    .filter(({ item, rank }) => rank >= 0 && insertion(item, line) !== undefined)
    .sort((a, b) =>
      a.rank - b.rank || compare(a.sort, b.sort) || compare(a.item.label, b.item.label)
    )
    .map(({ item }) => [item.label, item] as const);
  return [...new Map(best).values()].slice(0, most);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * A proposal as the page shows it.
 *
 * @param detail its type or signature, as the language server words it
 * @param line as in {@linkcode chooseCompletions}
 */
export function completionView(item: CompletionItem, detail: string, line: string): Completion {
  const label = nameOf(item);
  // An imported name also says that it is; a class of the browser is an interface and a variable.
  const own = detail.replace(/\nimport [^]*$/, "").replace(/^interface .*\n(?=var )/, "");
  const apply = insertion(item, line) ?? label;
  return {
    label,
    ...(apply !== label && { apply }),
    kind: own.match(declared)?.[1] ?? kinds[item.kind ?? 1] ?? "text",
    detail: shorten(own, label),
  };
}

/** `(method) Array<number>.at(index: number): number` as `(index: number): number`: the label says the rest already. */
function shorten(detail: string, label: string): string {
  const line = detail.replace(/\s+/g, " ");
  const name = new RegExp(
    `(?<![\\p{ID_Continue}$])${RegExp.escape(label)}(?![\\p{ID_Continue}$])`,
    "u",
  );
  const at = line.match(name);
  const rest = at ? line.slice((at.index ?? 0) + label.length) : line;
  const type = rest.replace(/^\??: /, "").trim();
  return type.length <= 100 ? type : `${type.slice(0, 99)}…`;
}
