/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ConflictView } from "../protocol.ts";
import { Button } from "./button.tsx";
import { cellAnchor, type ChapterState, codeCellsOf } from "./chapter_state.ts";
import type { LiveSession, SessionView } from "./live_session.ts";
import { otherRun } from "./load.ts";

interface ConflictProps {
  readonly session: LiveSession;
  readonly chapter: ChapterState;
  readonly conflict: ConflictView;
}

/** What differs; the cells that are run can be gone to. */
function Differences({ chapter, conflict: { cells, unreadable } }: Omit<ConflictProps, "session">) {
  if (unreadable) return <>The file cannot be used: {unreadable}</>;
  if (cells.length === 0) return <>The code is the same; outputs or other parts differ.</>;
  const code = new Map(codeCellsOf(chapter).map((cell) => [cell.number, cell]));
  return (
    <>
      {cells.length === 1 ? "This cell differs: " : "These cells differ: "}
      {cells.map((number, index) => {
        const cell = code.get(number);
        return (
          <span key={number}>
            {index > 0 && ", "}
            {cell ? <a href={`#${cellAnchor(cell)}`}>{number}</a> : number}
          </span>
        );
      })}.
    </>
  );
}

function Conflict({ session, chapter, conflict }: ConflictProps) {
  return (
    <section class="wb-notice wb-conflict" aria-label="The file was changed">
      <p>
        <strong>This file was changed by another program.</strong>{" "}
        <Differences chapter={chapter} conflict={conflict} />{" "}
        Whichever you choose, the other is kept as a backup.
      </p>
      <p class="wb-actions">
        <Button
          label="Keep what is here"
          title="Write this page's version to the file; the file's version becomes a backup"
          onClick={() => session.replace({ type: "resolve", keep: "mine" })}
        />
        {!conflict.unreadable && (
          <Button
            label="Use the file"
            title="Show the file's version; this page's version becomes a backup"
            onClick={() => session.replace({ type: "resolve", keep: "file" })}
          />
        )}
      </p>
    </section>
  );
}

function Orphan(
  { session, cell, source }: { session: LiveSession; cell: string; source: string },
) {
  return (
    <div class="wb-notice">
      <details>
        <summary>You typed in a cell that the chapter does not have any more.</summary>
        <pre class="wb-kept">{source}</pre>
      </details>
      <Button
        label="Discard"
        name="Discard what was typed"
        onClick={() => session.decide(cell, "theirs")}
      />
    </div>
  );
}

/** What needs the reader's eye: a lost connection, a file that was changed, what was done and can be undone. */
export function Notices({ session, view }: { session: LiveSession; view: SessionView }) {
  const { chapter, connection, orphans } = view;
  return (
    <>
      {connection === "lost" && (
        <p class="wb-notice wb-alarm">
          The connection to the workbench is lost. You can go on typing: it is kept here, and sent
          when the connection is back.
        </p>
      )}
      {connection === "refused" && (
        <p class="wb-notice wb-alarm">{otherRun} What you type here is kept until then.</p>
      )}
      {chapter?.conflict && (
        <Conflict session={session} chapter={chapter} conflict={chapter.conflict} />
      )}
      {orphans.map((orphan) => <Orphan key={orphan.cell} session={session} {...orphan} />)}
      {chapter?.notices.map(({ key, text, backup }) => (
        <div key={key} class="wb-notice">
          <p>{text}</p>
          {backup !== undefined && (
            <Button
              label="Undo"
              onClick={() => {
                session.closeNotice(key);
                session.replace({ type: "restore", backup });
              }}
            />
          )}
          <Button
            look="small"
            icon="cross"
            label="Close"
            name="Close this notice"
            onClick={() => session.closeNotice(key)}
          />
        </div>
      ))}
    </>
  );
}
