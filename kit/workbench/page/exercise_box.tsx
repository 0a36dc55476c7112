/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useMemo } from "preact/hooks";
import type { ExerciseView } from "../protocol.ts";
import { Button } from "./button.tsx";
import type { CellActions } from "./cell_actions.ts";
import { Icon } from "./icons.tsx";
import type { LiveSession } from "./live_session.ts";
import { Outputs } from "./outputs.tsx";

function statusWords({ status, earned, points }: ExerciseView): string {
  const ofPoints = `${earned} of ${points} points`;
  switch (status) {
    case "passed":
      return `passed, ${ofPoints}`;
    case "not attempted":
      return `${points} points to earn`;
    default:
      return `not passed yet, ${ofPoints}`;
  }
}

/** What an exercise is called, what it is worth, and how far it is. */
export function ExerciseHead({ id, exercise }: { id: string; exercise: ExerciseView | undefined }) {
  const passed = exercise?.status === "passed";
  return (
    <div class="wb-exercise-head">
      <span class="wb-exercise-title">
        Exercise {id}
        {exercise && <>: {exercise.title}</>}
      </span>
      <span class={passed ? "wb-passed" : "wb-muted"}>
        {passed && <Icon name="check" />}
        {exercise ? statusWords(exercise) : "checking…"}
      </span>
    </div>
  );
}

export interface ExerciseButtonsProps {
  readonly id: string;
  readonly passed: boolean;
  readonly online: boolean;
  readonly actions: CellActions;
}

/** What can be done with an exercise besides checking it. */
export function ExerciseButtons({ id, passed, online, actions }: ExerciseButtonsProps) {
  return (
    <>
      <Button
        icon="hint"
        label="Hint"
        name={`Hint for exercise ${id}`}
        title="Show the next of three hints"
        disabled={!online}
        onClick={() => actions.hint(id)}
      />
      <Button
        icon="reset"
        label="Reset"
        name={`Reset exercise ${id}`}
        title="Put back the code that the exercise began with"
        disabled={!online}
        onClick={() => actions.askReset(id)}
      />
      {passed && (
        <Button
          label="Compare with the reference"
          name={`Compare with the reference of exercise ${id}`}
          disabled={!online}
          onClick={() => actions.compare(id)}
        />
      )}
    </>
  );
}

/** A card with hints, or the reference, until it is closed. It is not part of the notebook. */
export function ExerciseHelp(
  { session, id, html }: { session: LiveSession; id: string; html: string },
) {
  const outputs = useMemo(() => [{ html, more: "" }], [html]);
  return (
    <div class="wb-help" role="group" aria-label={`Help for exercise ${id}`}>
      <div class="wb-help-head">
        <span>Help for exercise {id}</span>
        <Button
          look="small"
          icon="cross"
          label="Close"
          name={`Close the help for exercise ${id}`}
          onClick={() => session.closeHelp(id)}
        />
      </div>
      <Outputs outputs={outputs} runs={false} />
    </div>
  );
}
