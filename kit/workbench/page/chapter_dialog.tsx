/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import type { LiveSession } from "./live_session.ts";

/** Which dialog is open. */
export type OpenDialog =
  | { readonly about: "restart" | "chapter" | "keys" }
  | { readonly about: "exercise"; readonly exercise: string };

/** What this machine calls the key for commands. */
const mod = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

const keys: readonly (readonly [string, string])[] = [
  ["Shift+Enter", "Run the cell and go on to the next"],
  [`${mod}+Enter`, "Run the cell and stay"],
  ["Ctrl+Space", "Propose how a name goes on"],
  [`${mod}+K ${mod}+I`, "Say what the name at the cursor is"],
  ["F8", "Go to the next type error"],
  [`${mod}+] and ${mod}+[`, "Indent more, and less"],
  [`${mod}+Z`, "Undo"],
  ["Tab", "Leave the cell for the next control"],
  ["/", "Search the course, outside of a cell"],
  ["?", "Show these keys, outside of a cell"],
];

function Keys({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="wb-keys">
        {keys.map(([key, action]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

function ResetChapter({ session, onClose }: { session: LiveSession; onClose: () => void }) {
  const [keepAnswers, setKeep] = useState(true);
  const choice = (keep: boolean, label: string, words: string) => (
    <label class="wb-choice">
      <input
        type="radio"
        name="reset"
        checked={keepAnswers === keep}
        onChange={() => setKeep(keep)}
      />
      <span>
        <strong>{label}</strong> {words}
      </span>
    </label>
  );
  return (
    <Dialog
      title="Reset this chapter"
      onClose={onClose}
      confirm={{
        label: "Reset",
        onClick: () => session.replace({ type: "resetChapter", keepAnswers }),
      }}
    >
      <fieldset>
        <legend>The chapter becomes what the course made it. What about your answers?</legend>
        {choice(true, "Keep my answers.", "Only the rest of the chapter goes back.")}
        {choice(false, "Reset everything.", "The exercises begin again.")}
      </fieldset>
      <p>A backup of the chapter as it is now is made first. You can undo this.</p>
    </Dialog>
  );
}

export interface ChapterDialogProps {
  readonly session: LiveSession;
  readonly open: OpenDialog;
  readonly onClose: () => void;
}

/** Questions before something that takes away variables or code. */
export function ChapterDialog({ session, open, onClose }: ChapterDialogProps) {
  switch (open.about) {
    case "keys":
      return <Keys onClose={onClose} />;
    case "chapter":
      return <ResetChapter session={session} onClose={onClose} />;
    case "restart":
      return (
        <Dialog
          title="Restart the kernel?"
          onClose={onClose}
          confirm={{ label: "Restart", onClick: () => session.ask({ type: "restart" }) }}
        >
          <p>All variables go. Code and outputs stay, and the next run starts a new kernel.</p>
        </Dialog>
      );
    case "exercise": {
      const { exercise } = open;
      return (
        <Dialog
          title={`Reset exercise ${exercise}?`}
          onClose={onClose}
          confirm={{
            label: "Reset",
            onClick: () => session.replace({ type: "resetExercise", exercise }),
          }}
        >
          <p>
            The cell goes back to the code that the exercise began with. A backup of your answer is
            kept, and you can undo this.
          </p>
        </Dialog>
      );
    }
  }
}
