/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ChapterLink, CourseView } from "../protocol.ts";
import type { CellActions } from "./cell_actions.ts";
import { ChapterDialog, type OpenDialog } from "./chapter_dialog.tsx";
import { type ChapterState, codeCellsOf } from "./chapter_state.ts";
import { CodeCell } from "./code_cell.tsx";
import { Connection } from "./connection.ts";
import { Contents } from "./contents.tsx";
import { courseName } from "../../render/course_name.ts";
import { Html } from "./html.tsx";
import { findPlace, keepPlace } from "./keep_place.ts";
import { KernelBar } from "./kernel_bar.tsx";
import { LiveSession, type SessionView } from "./live_session.ts";
import { fetchJson } from "./load.ts";
import { Notices } from "./notices.tsx";
import { TopBar } from "./top_bar.tsx";

/** A list that does not change from one drawing to the next. */
const none: readonly never[] = [];

function openSession(name: string): LiveSession {
  const path = `/api/chapters/${encodeURIComponent(name)}/live`;
  const session = new LiveSession(
    name,
    localStorage,
    (handlers) => new Connection(path, handlers),
  );
  addEventListener("pagehide", () => session.flush());
  return session;
}

function useView(session: LiveSession): SessionView {
  const [view, setView] = useState(session.view);
  useEffect(() => {
    const look = () => setView(session.view);
    look();
    return session.subscribe(look);
  }, [session]);
  return view;
}

/** Why a chapter does not open; empty as long as it may. */
function useRefusal(name: string, { chapter, connection }: SessionView): string {
  const [refusal, setRefusal] = useState("");
  useEffect(() => {
    if (chapter || connection !== "lost") return;
    fetchJson<CourseView>("/api/course").then(({ chapters, unreadable }) => {
      const reason = unreadable.find((book) => book.name === name)?.reason;
      if (reason) setRefusal(`This notebook cannot be read. ${reason}`);
      else if (!chapters.some((link) => link.name === name)) {
        setRefusal("The course has no chapter of this name.");
      }
    }, () => {});
  }, [chapter, connection]);
  return refusal;
}

function Turn({ link, rel }: { link: ChapterLink | null; rel: "prev" | "next" }) {
  if (!link) return null;
  return (
    <a class={rel} rel={rel} href={`/chapters/${encodeURIComponent(link.name)}`}>
      <span>{rel === "prev" ? "Previous chapter" : "Next chapter"}</span>
      <Html html={link.title} as="div" />
    </a>
  );
}

interface CellsProps {
  readonly session: LiveSession;
  readonly actions: CellActions;
  readonly chapter: ChapterState;
  readonly view: SessionView;
}

function Cells({ session, actions, chapter, view }: CellsProps) {
  const online = view.connection === "open";
  return (
    <>
      {chapter.cells.map((cell) =>
        cell.kind === "prose"
          ? <Html key={cell.id} as="div" class="cell prose" html={cell.html} />
          : (
            <CodeCell
              key={cell.id}
              session={session}
              actions={actions}
              cell={cell}
              problems={chapter.problems.get(cell.id) ?? none}
              exercise={chapter.exercises.get(cell.exercise ?? "")}
              help={chapter.help.get(cell.exercise ?? "")}
              undecided={view.undecided.includes(cell.id)}
              online={online}
            />
          )
      )}
    </>
  );
}

/** A chapter, live: it reads like the static page, and every cell can be changed and run. */
export function ChapterPage({ name }: { name: string }) {
  const session = useMemo(() => openSession(name), [name]);
  const view = useView(session);
  const refusal = useRefusal(name, view);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const [focused, setFocused] = useState<string>();
  const places = useRef(new Map<string, () => void>());
  /** The cell below which one has been asked for. */
  const adding = useRef<string>();
  const { chapter } = view;

  const actions = useMemo((): CellActions => {
    const ids = () => session.view.chapter ? codeCellsOf(session.view.chapter) : [];
    return {
      register(cell, focus) {
        places.current.set(cell, focus);
        const cells = ids().map(({ id }) => id);
        if (adding.current && cells[cells.indexOf(adding.current) + 1] === cell) {
          adding.current = undefined;
          focus();
        }
        return () => places.current.delete(cell);
      },
      enter: setFocused,
      run(cell, then) {
        session.run([cell]);
        const cells = ids();
        const next = cells[cells.findIndex(({ id }) => id === cell) + 1];
        if (then === "next" && next) places.current.get(next.id)?.();
      },
      runAbove(cell) {
        const cells = ids().map(({ id }) => id);
        session.run(cells.slice(0, cells.indexOf(cell)));
      },
      add(cell) {
        adding.current = cell;
        session.ask({ type: "addCell", below: cell });
      },
      remove(cell) {
        const cells = ids();
        const before = cells[cells.findIndex(({ id }) => id === cell) - 1];
        if (before) places.current.get(before.id)?.();
        session.replace({ type: "removeCell", cell });
      },
      hint: (exercise) => session.ask({ type: "hint", exercise }),
      compare: (exercise) => session.ask({ type: "reference", exercise }),
      askReset: (exercise) => setDialog({ about: "exercise", exercise }),
    };
  }, [session]);

  useEffect(() => {
    keepPlace();
    const showKeys = (event: KeyboardEvent) => {
      if (event.key !== "?" || event.defaultPrevented) return;
      if ((event.target as Element).closest("input, [contenteditable=true]")) return;
      setDialog({ about: "keys" });
    };
    addEventListener("keydown", showKeys);
    return () => removeEventListener("keydown", showKeys);
  }, []);
  const isHere = chapter !== null;
  useLayoutEffect(() => {
    if (!chapter) return;
    document.title = `${chapter.link.plainTitle} · ${courseName}`;
    findPlace();
  }, [isHere]);

  const cells = chapter ? codeCellsOf(chapter) : [];
  return (
    <>
      <a class="skip" href="#main">Skip to the text</a>
      <TopBar />
      <div class="wb-sticky">
        <KernelBar
          view={view}
          focused={cells.find(({ id }) => id === focused)?.number}
          onRunAll={() => session.run(cells.map(({ id }) => id))}
          onRunAbove={() => focused && actions.runAbove(focused)}
          onStop={() => session.ask({ type: "stop" })}
          onRestart={() => setDialog({ about: "restart" })}
          onReset={() => setDialog({ about: "chapter" })}
          onKeys={() => setDialog({ about: "keys" })}
          onPresent={() => session.flush()}
        />
        <Notices session={session} view={view} />
      </div>
      <div class="layout">
        {chapter ? <Contents contents={chapter.contents} /> : <div />}
        <main id="main" tabIndex={-1}>
          {chapter
            ? (
              <>
                <p class="kicker">Chapter {chapter.link.number}</p>
                <Cells session={session} actions={actions} chapter={chapter} view={view} />
              </>
            )
            : <p class="wb-muted">{refusal || "Opening the chapter…"}</p>}
        </main>
      </div>
      {chapter && (
        <footer>
          <nav class="turn" aria-label="Chapters">
            <Turn link={chapter.previous} rel="prev" />
            <Turn link={chapter.next} rel="next" />
          </nav>
        </footer>
      )}
      <p class="visually-hidden" role="status">{view.announcement}</p>
      {dialog && <ChapterDialog session={session} open={dialog} onClose={() => setDialog(null)} />}
    </>
  );
}
