import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { Completion, ProblemView } from "../protocol.ts";
import { completionSource } from "./completion.ts";
import { hoverHelp, type HoverText } from "./hover.ts";
import { diagnosticsOf, positionOf } from "./places.ts";
import { typescript } from "./typescript.ts";
import { smallestChange } from "./smallest_change.ts";

/** What an editor asks and tells. Lines and columns count from 1. */
export interface EditorOptions {
  readonly source: string;
  /** The editor's name for screen readers. */
  readonly label: string;
  readonly onType: (source: string) => void;
  /** Shift+Enter runs and goes on to the next cell, Mod+Enter runs and stays. */
  readonly onRun: (then: "next" | "stay") => void;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
  readonly complete: (line: number, column: number) => Promise<readonly Completion[]>;
  readonly hover: (line: number, column: number) => Promise<HoverText | undefined>;
}

/** The editor of one cell. */
export interface CellEditor {
  /** Other code, which undo takes back. The cursor stays where it is, as far as the text around it does. */
  replace(source: string): void;
  showProblems(problems: readonly ProblemView[]): void;
  focus(): void;
  /** Puts the cursor at a place. */
  goTo(line: number, column: number): void;
  destroy(): void;
}

/** Marks a change that was not typed here. */
const fromElsewhere = Annotation.define<true>();

const looks = EditorView.theme({
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "inherit" },
  ".cm-content": { padding: "0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0" },
});

/** An editor for the TypeScript of one cell. Tab goes on to the next control, so that nobody is caught in it. */
export function createEditor(parent: HTMLElement, options: EditorOptions): CellEditor {
  const run = (then: "next" | "stay") => () => {
    options.onRun(then);
    return true;
  };
  const keys = Prec.highest(keymap.of([
    { key: "Shift-Enter", run: run("next") },
    { key: "Mod-Enter", run: run("stay") },
    // Other notebooks insert a cell, which a chapter does not need.
    { key: "Alt-Enter", run: () => true },
    { key: "F8", run: nextDiagnostic },
  ]));
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: options.source,
      extensions: [
        keys,
        history(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        typescript,
        autocompletion({ override: [completionSource(options.complete)], icons: false }),
        hoverHelp(options.hover),
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        looks,
        EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
        EditorView.domEventHandlers({ focus: options.onFocus, blur: options.onBlur }),
        EditorView.updateListener.of(({ docChanged, transactions, state }) => {
          const typed = transactions.some((each) =>
            each.docChanged && !each.annotation(fromElsewhere)
          );
          if (docChanged && typed) options.onType(state.doc.toString());
        }),
      ],
    }),
  });
  return {
    replace(source) {
      const changes = smallestChange(view.state.doc.toString(), source);
      if (changes) view.dispatch({ changes, annotations: fromElsewhere.of(true) });
    },
    showProblems(problems) {
      view.dispatch(setDiagnostics(view.state, diagnosticsOf(view.state, problems)));
    },
    focus: () => view.focus(),
    goTo(line, column) {
      const anchor = positionOf(view.state.doc, line, column);
      view.dispatch({ selection: { anchor }, scrollIntoView: true });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
