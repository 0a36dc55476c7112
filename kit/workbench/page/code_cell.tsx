/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { Component } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ExerciseView, ProblemView } from "../protocol.ts";
import { Button } from "./button.tsx";
import type { CellActions } from "./cell_actions.ts";
import { CellStatus } from "./cell_status.tsx";
import { cellAnchor, type CodeState } from "./chapter_state.ts";
import { CodeEditor } from "./code_editor.tsx";
import type { CellEditor } from "./editor.ts";
import { ExerciseButtons, ExerciseHead, ExerciseHelp } from "./exercise_box.tsx";
import type { LiveSession } from "./live_session.ts";
import { Outputs } from "./outputs.tsx";
import { ProblemList } from "./problem_list.tsx";

export interface CodeCellProps {
  readonly session: LiveSession;
  readonly actions: CellActions;
  readonly cell: CodeState;
  readonly problems: readonly ProblemView[];
  readonly exercise: ExerciseView | undefined;
  readonly help: string | undefined;
  /** It was changed both here and elsewhere. */
  readonly undecided: boolean;
  readonly online: boolean;
}

/** A place in the page that is drawn again only when something of its own has changed. */
export class CodeCell extends Component<CodeCellProps> {
  override shouldComponentUpdate(next: CodeCellProps): boolean {
    return (Object.keys(next) as (keyof CodeCellProps)[]).some((key) =>
      next[key] !== this.props[key]
    );
  }

  override render(props: CodeCellProps) {
    return <Cell {...props} />;
  }
}

function Undecided({ session, cell }: { session: LiveSession; cell: CodeState }) {
  return (
    <div class="wb-undecided">
      <p>
        This cell has changed elsewhere since you typed here. What you typed is shown, and not
        saved.
      </p>
      <p class="wb-actions">
        <Button label="Keep mine" onClick={() => session.decide(cell.id, "mine")} />
        <Button label="Use the other" onClick={() => session.decide(cell.id, "theirs")} />
      </p>
    </div>
  );
}

function Cell(
  { session, actions, cell, problems, exercise, help, undecided, online }: CodeCellProps,
) {
  const { id, number, state } = cell;
  const editor = useRef<CellEditor>(null);
  const summary = useRef<HTMLElement>(null);
  const fold = useRef<HTMLDetailsElement>(null);
  // A folded cell needs no editor before it is opened.
  const [isOpen, setOpen] = useState(!cell.folded || undecided);
  useEffect(() => actions.register(id, () => (editor.current ?? summary.current)?.focus()), [id]);
  const code = isOpen && (
    <CodeEditor
      session={session}
      actions={actions}
      cell={id}
      number={number}
      problems={problems}
      editor={editor}
    />
  );
  const runs = state !== "idle";
  const goTo = ({ line, column }: ProblemView) => {
    if (fold.current) fold.current.open = true;
    setOpen(true);
    // The editor is there after the next drawing.
    setTimeout(() => editor.current?.goTo(line, column));
  };
  const bar = (
    <div class="wb-cell-bar">
      <Button
        look={cell.exercise ? "main" : "quiet"}
        icon={cell.exercise ? "check" : "run"}
        label={cell.exercise ? "Check" : "Run"}
        name={cell.exercise ? `Check exercise ${cell.exercise}` : `Run cell ${number}`}
        title="Shift+Enter runs and goes on, Ctrl+Enter or ⌘+Enter runs and stays"
        disabled={!online || runs}
        onClick={() => actions.run(id, "stay")}
      />
      {cell.exercise && (
        <ExerciseButtons
          id={cell.exercise}
          passed={exercise?.status === "passed"}
          online={online}
          actions={actions}
        />
      )}
      <CellStatus cell={cell} />
      <span class="wb-seldom">
        Cell {number}
        <Button
          look="quiet"
          icon="above"
          label="Run above"
          name={`Run above cell ${number}`}
          title="Run all cells above this one"
          disabled={!online}
          onClick={() => actions.runAbove(id)}
        />
        <Button
          look="quiet"
          icon="add"
          label="Add below"
          name={`Add below cell ${number}`}
          title="Add a cell of your own below this one"
          disabled={!online}
          onClick={() => actions.add(id)}
        />
        {cell.own && (
          <Button
            look="quiet"
            icon="cross"
            label="Remove"
            name={`Remove cell ${number}`}
            title="Remove this cell, which you have added"
            disabled={!online}
            onClick={() => actions.remove(id)}
          />
        )}
      </span>
    </div>
  );
  return (
    <div
      class={`cell wb-cell wb-${state}${cell.folded ? " wb-folds" : ""}${
        cell.exercise ? " wb-exercise" : ""
      }`}
      id={cellAnchor(cell)}
      role="group"
      aria-label={cell.exercise ? `Exercise ${cell.exercise}` : `Cell ${number}`}
      onKeyDown={(event) => {
        if (event.defaultPrevented || event.key !== "Enter") return;
        const stays = event.ctrlKey || event.metaKey;
        if (!stays && !event.shiftKey) return;
        event.preventDefault();
        actions.run(id, stays ? "stay" : "next");
      }}
      onFocusIn={() => actions.enter(id)}
    >
      {cell.exercise && <ExerciseHead id={cell.exercise} exercise={exercise} />}
      {cell.folded
        ? (
          <details
            ref={fold}
            class="folded"
            open={undecided}
            onToggle={(event) => event.currentTarget.open && setOpen(true)}
          >
            <summary ref={summary}>Code</summary>
            <div class="code">{code}</div>
          </details>
        )
        : <div class="code">{code}{bar}</div>}
      {cell.folded && bar}
      {undecided && <Undecided session={session} cell={cell} />}
      <ProblemList problems={problems} onGo={goTo} />
      <Outputs outputs={cell.outputs} runs={runs} />
      {cell.exercise && help !== undefined && (
        <ExerciseHelp session={session} id={cell.exercise} html={help} />
      )}
    </div>
  );
}
