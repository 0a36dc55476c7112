import type { ClientMessage, ServerMessage } from "../protocol.ts";
import { announce } from "./announce.ts";
import {
  type ChapterState,
  codeCellsOf,
  reduce,
  withCell,
  withoutHelp,
  withoutNotice,
} from "./chapter_state.ts";
import type { ConnectionHandlers, ConnectionState, Link } from "./connection.ts";
import { PendingEdits } from "./pending_edits.ts";
import { Questions } from "./questions.ts";

/** What is kept of typing: all of it is in the file, some is on its way, or some cannot go there now. */
export type Saving = "saved" | "saving" | "not saved";

/** What the page shows at one moment. */
export interface SessionView {
  readonly chapter: ChapterState | null;
  readonly connection: ConnectionState;
  readonly saving: Saving;
  /** Cells that were changed both here and elsewhere. */
  readonly undecided: readonly string[];
  /** Typing that is kept of cells that the chapter does not have any more. */
  readonly orphans: readonly { readonly cell: string; readonly source: string }[];
  /** What has happened last, in words. */
  readonly announcement: string;
}

/** An editor that shows a cell, as far as a session needs it. */
export interface SourceView {
  replace(source: string): void;
}

const noConnection = "There is no connection to the workbench.";

/** How long typing rests before it is sent, in milliseconds. */
const typingPause = 250;

/** One open chapter: what the server says about it, what is typed, and what is asked for. It draws nothing. */
export class LiveSession {
  #chapter: ChapterState | null = null;
  #announcement = "";
  /** The chapter has come on this connection, so that edits can be sent. */
  #ready = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #view: SessionView | undefined;
  readonly #edits: PendingEdits;
  readonly #link: Link;
  readonly #questions = new Questions((message) => this.#send(message));
  readonly #editors = new Map<string, SourceView>();
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly name: string,
    storage: Storage,
    connect: (handlers: ConnectionHandlers) => Link,
    private readonly now: () => number = Date.now,
  ) {
    this.#edits = new PendingEdits(storage, name);
    this.#link = connect({
      onMessage: (message) => this.#receive(message),
      onState: (state) => {
        if (this.#ready && state !== "open") this.#announcement = "The connection is lost.";
        if (state !== "open") this.#ready = false;
        this.#changed();
      },
    });
  }

  /** What to show; the same object until something changes. */
  get view(): SessionView {
    return this.#view ??= this.#look();
  }

  /** Calls back after each change; gives what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The code of a cell as this page has it. */
  sourceOf(cell: string): string {
    return this.#edits.sourceOf(cell) ?? this.#known(cell) ?? "";
  }

  /** An editor shows a cell from now on, until the returned function is called. */
  attach(cell: string, editor: SourceView): () => void {
    this.#editors.set(cell, editor);
    return () => {
      if (this.#editors.get(cell) === editor) this.#editors.delete(cell);
    };
  }

  /** Something was typed in a cell. */
  type(cell: string, source: string): void {
    this.#edits.type(cell, source, this.#known(cell) ?? "");
    this.#timer ??= setTimeout(() => this.flush(), typingPause);
    this.#changed();
  }

  /** Sends what was typed and not sent yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#ready) return;
    for (const edit of this.#edits.send()) this.#send({ type: "edit", ...edit });
  }

  /** Runs cells as they are here. What was changed elsewhere too is decided by that: this is what the reader sees. */
  run(cells: readonly string[]): void {
    for (const cell of cells) this.#edits.keepMine(cell);
    this.#request({ type: "run", cells });
  }

  /** Asks for something that does not replace code. */
  ask(
    message: Extract<
      ClientMessage,
      { type: "stop" | "restart" | "hint" | "reference" | "addCell" }
    >,
  ): void {
    this.#request(message);
  }

  /** Asks for other code in place of what is here. The server keeps what is here as a backup, so it is sent first. */
  replace(
    message: Extract<
      ClientMessage,
      { type: "resetExercise" | "resetChapter" | "removeCell" | "resolve" | "restore" }
    >,
  ): void {
    this.flush();
    this.#edits.giveWay();
    if (!this.#send(message)) return this.say(noConnection);
    const exercise = "exercise" in message ? message.exercise : undefined;
    this.#update(this.#chapter && withoutHelp(this.#chapter, exercise));
  }

  /** Decides about a cell that was changed both here and elsewhere. */
  decide(cell: string, keep: "mine" | "theirs"): void {
    if (keep === "mine") this.#edits.keepMine(cell);
    else {
      this.#edits.drop(cell);
      this.#editors.get(cell)?.replace(this.sourceOf(cell));
    }
    this.flush();
    this.#changed();
  }

  closeHelp(exercise: string): void {
    this.#update(this.#chapter && withoutHelp(this.#chapter, exercise));
  }

  closeNotice(key: number): void {
    this.#update(this.#chapter && withoutNotice(this.#chapter, key));
  }

  /** Says something to those who do not see it. */
  say(words: string): void {
    this.#announcement = words;
    this.#changed();
  }

  /** Proposals to complete a name; none when the server does not answer. */
  async complete(cell: string, line: number, column: number) {
    this.flush();
    return (await this.#questions.ask("complete", cell, line, column))?.options ?? [];
  }

  /** What a name is; undefined when there is nothing to say. */
  async hover(cell: string, line: number, column: number) {
    this.flush();
    return await this.#questions.ask("hover", cell, line, column);
  }

  #known(cell: string): string | undefined {
    return this.#chapter
      ? codeCellsOf(this.#chapter).find(({ id }) => id === cell)?.source
      : undefined;
  }

  #send(message: ClientMessage): boolean {
    return this.#link.send(message);
  }

  #request(message: ClientMessage): void {
    this.flush();
    if (!this.#send(message)) this.say(noConnection);
  }

  #receive(message: ServerMessage): void {
    if (message.type === "completions" || message.type === "hover") {
      return this.#questions.answer(message);
    }
    if (message.type === "saved") return this.#saved(message.edit);
    // What was typed since goes on its way in a moment, and is what the server has then.
    if (message.type === "source" && this.#isTyping(message.cell)) return;
    const before = this.#chapter;
    const after = reduce(before, message, this.now());
    const words = announce(before, message, after);
    if (words) this.#announcement = words;
    this.#chapter = after;
    if (message.type === "chapter") this.#meet();
    if (message.type === "source") this.#take(message.cell, message.source);
    this.#changed();
  }

  #isTyping(cell: string): boolean {
    return this.#edits.sourceOf(cell) !== undefined && !this.#edits.isSent(cell);
  }

  #saved(upTo: number): void {
    let state = this.#chapter;
    for (const { cell, source } of this.#edits.saved(upTo)) {
      state = state && withCell(state, cell, () => ({ source }));
    }
    this.#update(state);
  }

  /** The whole chapter has come: each cell gets the code that it has from now on. */
  #meet(): void {
    if (!this.#ready) this.#edits.reconnect();
    this.#ready = true;
    const cells = new Map(
      this.#chapter && codeCellsOf(this.#chapter).map(({ id, source }) => [id, source]),
    );
    for (const cell of this.#edits.cells) if (!cells.has(cell)) this.#edits.setAside(cell);
    for (const [cell, source] of cells) {
      if (this.#edits.meet(cell, source) === "theirs") this.#editors.get(cell)?.replace(source);
    }
    this.flush();
  }

  /** A cell has other code, from a reset or another window, which came after what was sent from here. */
  #take(cell: string, source: string): void {
    this.#edits.drop(cell);
    this.#editors.get(cell)?.replace(source);
  }

  #update(state: ChapterState | null): void {
    this.#chapter = state;
    this.#changed();
  }

  #changed(): void {
    this.#view = undefined;
    for (const listener of this.#listeners) listener();
  }

  #look(): SessionView {
    const { cells } = this.#edits;
    const known = new Set(this.#chapter && codeCellsOf(this.#chapter).map(({ id }) => id));
    const undecided = this.#edits.undecided.filter((cell) => known.has(cell));
    const orphans = this.#chapter
      ? cells.filter((cell) => !known.has(cell)).map((cell) => ({
        cell,
        source: this.#edits.sourceOf(cell) ?? "",
      }))
      : [];
    const waiting = cells.length - orphans.length;
    const stuck = undecided.length > 0 || waiting > 0 && this.#link.state !== "open";
    return {
      chapter: this.#chapter,
      connection: this.#link.state,
      saving: stuck ? "not saved" : waiting > 0 ? "saving" : "saved",
      undecided,
      orphans,
      announcement: this.#announcement,
    };
  }
}
