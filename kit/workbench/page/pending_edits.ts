/** Where edits are kept beyond the life of the page. */
export type EditStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/** Typing in a cell that is not known to be in the file. */
interface Edit {
  source: string;
  /** Sources that the server may have, from which this is the next step: where typing began, and what was sent since. */
  from: readonly string[];
  /** The number under which it was sent last on this connection, and what was sent. */
  sent: { readonly edit: number; readonly source: string } | undefined;
  /** The cell was changed elsewhere meanwhile, and nobody has said yet which of the two stays. */
  undecided: boolean;
}

/** What is to be done about a cell that the server has told about. */
export type Verdict =
  /** There is no typing of this page in it: it is as the server says. */
  | "theirs"
  /** The typing goes on from what the server has: it is sent, and the cell stays as it is here. */
  | "mine"
  /** Both have changed: the cell stays as it is here, and the reader chooses. */
  | "undecided";

/** Of many sources on the way, the last ones are enough. */
const steps = 20;

/**
 * Keeps each edit from the key that is pressed until the server has said that it is in the file: through a connection
 * that is lost, a page that is closed, and a server that is started again. Nothing is dropped unless the file has it
 * or the reader says so.
 */
export class PendingEdits {
  readonly #prefix: string;
  readonly #edits = new Map<string, Edit>();
  #count = 0;
  #yields = new Set<string>();

  /** Takes up what an earlier page of this chapter has left in the storage. */
  constructor(private readonly storage: EditStorage, chapter: string) {
    this.#prefix = `fewer-bytes-edit/${chapter}/`;
    for (const key of storedKeys(storage)) {
      if (!key.startsWith(this.#prefix)) continue;
      const kept = readKept(storage.getItem(key));
      if (kept) {
        this.#edits.set(key.slice(this.#prefix.length), {
          ...kept,
          sent: undefined,
          undecided: false,
        });
      }
    }
  }

  /** The cells whose typing is not known to be in the file. */
  get cells(): readonly string[] {
    return [...this.#edits.keys()];
  }

  /** The cells about which the reader must decide. */
  get undecided(): readonly string[] {
    return this.cells.filter((cell) => this.#edits.get(cell)?.undecided);
  }

  /** What was typed in a cell, unless the file has it. */
  sourceOf(cell: string): string | undefined {
    return this.#edits.get(cell)?.source;
  }

  /** Whether all that was typed in a cell has been sent. */
  isSent(cell: string): boolean {
    const edit = this.#edits.get(cell);
    return edit !== undefined && edit.source === edit.sent?.source;
  }

  /** Something was typed. `known` is the source that the server has, as far as this page knows. */
  type(cell: string, source: string, known: string): void {
    const edit = this.#edits.get(cell);
    if (edit) edit.source = source;
    else if (source !== known) {
      this.#edits.set(cell, { source, from: [known], sent: undefined, undecided: false });
    }
    this.#keep(cell);
  }

  /** The edits that are to be sent now, numbered. */
  send(): { cell: string; source: string; edit: number }[] {
    return [...this.#edits].flatMap(([cell, edit]) => {
      const { source, undecided } = edit;
      if (undecided || this.isSent(cell)) return [];
      edit.sent = { edit: ++this.#count, source };
      edit.from = [...edit.from, source].slice(-steps);
      this.#keep(cell);
      return [{ cell, source, edit: edit.sent.edit }];
    });
  }

  /** The file has all edits of this connection up to a number. Gives what it has now of the cells in question. */
  saved(upTo: number): { cell: string; source: string }[] {
    return [...this.#edits].flatMap(([cell, edit]) => {
      const { sent } = edit;
      if (!sent || sent.edit > upTo) return [];
      if (edit.source === sent.source) this.drop(cell);
      else {
        edit.from = [sent.source];
        this.#keep(cell);
      }
      return [{ cell, source: sent.source }];
    });
  }

  /** A new connection counts from 1, and what was sent on the one before may not have come through. */
  reconnect(): void {
    this.#count = 0;
    this.#yields.clear();
    for (const edit of this.#edits.values()) edit.sent = undefined;
  }

  /** What was sent so far gives way to the chapter that comes next: the reader has asked for that. */
  giveWay(): void {
    this.#yields = new Set(this.cells.filter((cell) => this.isSent(cell)));
  }

  /** The server has told the whole chapter. Says of a cell which source it has from now on. */
  meet(cell: string, source: string): Verdict {
    const edit = this.#edits.get(cell);
    const yields = this.#yields.delete(cell);
    if (!edit) return "theirs";
    if (yields || edit.source === source) {
      this.drop(cell);
      return "theirs";
    }
    edit.undecided = !edit.from.includes(source);
    return edit.undecided ? "undecided" : "mine";
  }

  /** The chapter has no such cell any more: its typing is kept, and not sent. */
  setAside(cell: string): void {
    const edit = this.#edits.get(cell);
    if (edit) edit.undecided = true;
  }

  /** The reader has chosen what was typed here. */
  keepMine(cell: string): void {
    const edit = this.#edits.get(cell);
    if (edit) edit.undecided = false;
  }

  /** Forgets what was typed in a cell: the file has it, or the reader has chosen the other. */
  drop(cell: string): void {
    this.#edits.delete(cell);
    this.#store(() => this.storage.removeItem(this.#prefix + cell));
  }

  #keep(cell: string): void {
    const edit = this.#edits.get(cell);
    if (!edit) return;
    const { source, from } = edit;
    this.#store(() => this.storage.setItem(this.#prefix + cell, JSON.stringify({ source, from })));
  }

  #store(change: () => void): void {
    try {
      change();
    } catch {
      // A storage that is full or closed keeps nothing; the edit is still here, and on its way.
    }
  }
}

function storedKeys(storage: EditStorage): string[] {
  try {
    return Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
  } catch {
    return [];
  }
}

function readKept(text: string | null): { source: string; from: readonly string[] } | undefined {
  try {
    const { source, from } = JSON.parse(text ?? "null") ?? {};
    const isKept = typeof source === "string" && Array.isArray(from) &&
      from.every((step) => typeof step === "string");
    return isKept ? { source, from } : undefined;
  } catch {
    return undefined;
  }
}
