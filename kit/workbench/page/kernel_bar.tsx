/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { useEffect, useRef } from "preact/hooks";
import type { ChapterView, KernelView } from "../protocol.ts";
import { Button } from "./button.tsx";
import { cellAnchor } from "./chapter_state.ts";
import { Icon } from "./icons.tsx";
import type { SessionView } from "./live_session.ts";

/** How the kernel is, in words. */
function kernelWords({ state, message }: KernelView): string {
  switch (state) {
    case "none":
      return message || "Kernel not started";
    case "starting":
      return "Kernel starting…";
    case "idle":
      return "Kernel ready";
    case "busy":
      return "Kernel busy";
    case "stopping":
      return "Kernel stopping…";
  }
}

function kernelTitle(kernel: KernelView): string {
  return kernel.state === "none" && !kernel.message
    ? "The first run starts the kernel"
    : kernelWords(kernel);
}

const savingWords = { saved: "Saved", saving: "Saving…" } as const;

function Saved({ view: { saving, undecided, chapter } }: { view: SessionView }) {
  if (saving !== "not saved") return <span>{savingWords[saving]}</span>;
  const cell = chapter?.cells.find(({ id }) => undecided.includes(id));
  if (cell?.kind !== "code") return <span class="wb-alarm">Not saved: no connection</span>;
  return (
    <a class="wb-alarm" href={`#${cellAnchor(cell)}`}>Not saved: choose in cell {cell.number}</a>
  );
}

function Present({ decks, onOpen }: { decks: ChapterView["decks"]; onOpen: () => void }) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const { current } = menu;
      const outside = event.type === "keydown"
        ? (event as KeyboardEvent).key === "Escape"
        : !current?.contains(event.target as Node);
      if (!current?.open || !outside) return;
      current.open = false;
      if (event.type === "keydown") current.querySelector("summary")?.focus();
    };
    const kinds = ["pointerdown", "keydown", "focusin"];
    for (const kind of kinds) addEventListener(kind, close);
    return () => kinds.forEach((kind) => removeEventListener(kind, close));
  }, []);
  const open = () => {
    onOpen();
    if (menu.current) menu.current.open = false;
  };
  const link = { target: "_blank", rel: "noopener noreferrer", onClick: open };
  return (
    <details ref={menu} class="wb-menu">
      <summary class="wb-button wb-small" title="Show the chapter as slides">
        <Icon name="present" />
        <span>Present</span>
      </summary>
      <ul>
        <li>
          <a href={decks.own} {...link}>Slides with your outputs</a>
        </li>
        <li>
          <a href={decks.course} {...link}>Slides as the course made them</a>
        </li>
      </ul>
    </details>
  );
}

export interface KernelBarProps {
  readonly view: SessionView;
  /** The number of the cell in which the reader works. */
  readonly focused: number | undefined;
  readonly onRunAll: () => void;
  readonly onRunAbove: () => void;
  readonly onStop: () => void;
  readonly onRestart: () => void;
  readonly onReset: () => void;
  readonly onKeys: () => void;
  readonly onPresent: () => void;
}

/** The bar that stays in view: what can be done with the whole chapter, and how it is. */
export function KernelBar(props: KernelBarProps) {
  const { view, focused } = props;
  const { chapter, connection } = view;
  if (!chapter) return null;
  const { kernel, decks } = chapter;
  const online = connection === "open";
  const busy = chapter.cells.some((cell) => cell.kind === "code" && cell.state !== "idle") ||
    kernel.state === "busy";
  return (
    <div class="wb-kernel-bar" role="group" aria-label="The chapter's kernel">
      <Button
        look="small"
        icon="all"
        label="Run all"
        title="Run all cells from the first"
        disabled={!online}
        onClick={props.onRunAll}
      />
      <Button
        look="small"
        icon="above"
        label="Run above"
        title={focused === undefined
          ? "Run the cells above the one you work in: choose one first"
          : `Run the cells above cell ${focused}`}
        disabled={!online || focused === undefined}
        onClick={props.onRunAbove}
      />
      <Button
        look="small"
        icon="stop"
        label="Stop"
        title="Stop the cell that runs, and keep the variables"
        disabled={!online || !busy}
        onClick={props.onStop}
      />
      <Button
        look="small"
        icon="restart"
        label="Restart"
        title="End the kernel and its variables"
        disabled={!online || kernel.state === "none"}
        onClick={props.onRestart}
      />
      <p class="wb-states">
        <span class={`wb-kernel-state wb-kernel-${kernel.state}`} title={kernelTitle(kernel)}>
          {online ? kernelWords(kernel) : "No connection"}
        </span>
        <Saved view={view} />
      </p>
      <Present decks={decks} onOpen={props.onPresent} />
      <Button
        look="small"
        icon="reset"
        label="Reset…"
        name="Reset the chapter"
        title="Put the chapter back as the course has it"
        disabled={!online}
        onClick={props.onReset}
      />
      <Button
        look="small"
        icon="keys"
        label="Keys"
        title="What the keyboard can do (press ?)"
        onClick={props.onKeys}
      />
    </div>
  );
}
