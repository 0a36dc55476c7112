/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ProblemView } from "../protocol.ts";
import type { CellActions } from "./cell_actions.ts";
import { type CellEditor, createEditor } from "./editor.ts";
import type { LiveSession } from "./live_session.ts";

export interface CodeEditorProps {
  readonly session: LiveSession;
  readonly actions: CellActions;
  readonly cell: string;
  readonly number: number;
  readonly problems: readonly ProblemView[];
  /** Holds the editor while there is one. */
  readonly editor: RefObject<CellEditor>;
}

/** The editor of a cell in the page. Its text is its own: the page draws it once. */
export function CodeEditor({ session, actions, cell, number, problems, editor }: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!parent.current) return;
    const created = createEditor(parent.current, {
      source: session.sourceOf(cell),
      label: `Code of cell ${number}`,
      onType: (source) => session.type(cell, source),
      onRun: (then) => actions.run(cell, then),
      onFocus: () => actions.enter(cell),
      onBlur: () => session.flush(),
      complete: (line, column) => session.complete(cell, line, column),
      hover: (line, column) => session.hover(cell, line, column),
    });
    editor.current = created;
    const detach = session.attach(cell, created);
    return () => {
      detach();
      created.destroy();
      editor.current = null;
    };
  }, []);
  useEffect(() => editor.current?.showProblems(problems), [problems]);
  return <div ref={parent} class="wb-editor" />;
}
