import type { Diagnostic } from "@codemirror/lint";
import type { EditorState, Text } from "@codemirror/state";
import type { ProblemView } from "../protocol.ts";

/** A place in a text as messages name it: line and column from 1, in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where a place is in a text; the nearest one when the text has become shorter. */
export function positionOf(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(from + Math.max(column, 1) - 1, to);
}

/** The place of a position. */
export function placeOf(doc: Text, position: number): Place {
  const { number, from } = doc.lineAt(position);
  return { line: number, column: position - from + 1 };
}

/** The checker's problems as underlines: the word at the place, or else one sign. */
export function diagnosticsOf(
  state: EditorState,
  problems: readonly ProblemView[],
): Diagnostic[] {
  return problems.map(({ line, column, code, message }) => {
    const from = positionOf(state.doc, line, column);
    const word = state.wordAt(from);
    const to = word && word.to > from ? word.to : Math.min(from + 1, state.doc.length);
    return { from: Math.min(from, to), to, severity: "error", message, source: code };
  });
}
