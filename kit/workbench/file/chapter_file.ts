import { isDeepStrictEqual } from "node:util";
import { basename, dirname } from "node:path";
import { storedOutput } from "../../kernel/stored_output.ts";
import {
  type CodeCell,
  lines,
  type Notebook,
  type Output,
  removeLeftovers,
  text,
  writeAtomically,
} from "../../notebook/mod.ts";
import { Autosave } from "./autosave.ts";
import { Backups } from "./backups.ts";
import { conflictBetween } from "./conflict.ts";
import { OneAtATime } from "../one_at_a_time.ts";
import type { ConflictView } from "../protocol.ts";
import { SafeCopies } from "./safe_copies.ts";
import {
  readBytes,
  sameBytes,
  sameNotebook,
  type Version,
  versionOf,
  versionWith,
} from "./version.ts";
import { watchFile } from "./watch_file.ts";

/** How a chapter's notebook is opened. */
export interface ChapterFileOptions {
  /** The notebook. */
  readonly path: string;
  /** Where earlier versions go; by default `.backups/NAME/` beside the notebook. */
  readonly backups?: Backups;
  /** Another program changed the file, or what it changed is settled: then there is no conflict any more. */
  readonly onConflict?: (conflict: ConflictView | undefined) => void;
  /** Something could not be read or written; what is in memory stays, and writing is tried again. */
  readonly onError?: (error: Error) => void;
  /** Whether to look at the file when the system says that it has changed; true by default. */
  readonly watch?: boolean;
  /** Writes the notebook. */
  readonly write?: typeof writeAtomically;
}

/**
 * The working copy of one notebook file, from which nothing typed is lost.
 *
 * A change is in the file within a second, and the file is replaced in one step. What was there when work began, and
 * whatever is replaced as a whole, goes to the backups before. When another program changes the file, a conflict is
 * open: nothing is written to the file until {@linkcode ChapterFile.resolve}, and our version is kept as a backup that
 * each further change updates.
 *
 * What remains: a program that writes in the moment between the last look at the file and its renaming, a few system
 * calls later, is overwritten.
 */
export class ChapterFile implements AsyncDisposable {
  readonly backups: Backups;
  readonly #path: string;
  readonly #name: string;
  readonly #options: ChapterFileOptions;
  readonly #disk = new OneAtATime();
  readonly #copies: SafeCopies;
  readonly #autosave: Autosave;
  readonly #watching: AsyncDisposable | undefined;
  #book: Notebook;
  /** The file as it was last read or written; its notebook is the current one until that is changed. */
  #base: Version;
  #conflict: ConflictView | undefined;
  /** The file as another program left it, during a conflict. */
  #theirs: Version;
  #closed = false;

  private constructor(path: string, backups: Backups, base: Version, options: ChapterFileOptions) {
    this.#path = path;
    this.#name = basename(path);
    this.#options = options;
    this.backups = backups;
    this.#copies = new SafeCopies(backups);
    this.#copies.owe(base);
    this.#book = base.book;
    this.#base = this.#theirs = base;
    const onError = (error: Error) => options.onError?.(error);
    this.#autosave = new Autosave(() => this.#disk.run(() => this.#save()), { onError });
    if (options.watch ?? true) {
      this.#watching = watchFile(path, () => void this.checkDisk().catch(onError));
    }
  }

  /**
   * Opens a notebook. One that cannot be read, or is not there, is opened as one without cells that says why in
   * {@linkcode ChapterFile.unreadable}; the file stays as it is until it is replaced.
   */
  static async open(options: ChapterFileOptions): Promise<ChapterFile> {
    const { backups = Backups.beside(options.path) } = options;
    // Behind a link lies the file to be written.
    const path = await Deno.realPath(options.path).catch(() => options.path);
    await removeLeftovers(dirname(path), basename(path));
    await backups.tidy();
    const base = versionOf(await readBytes(path), basename(path));
    return new ChapterFile(path, backups, base, options);
  }

  /** The notebook as it is now, whether saved or not. It is never changed in place. */
  get book(): Notebook {
    return this.#book;
  }

  /** Why the file is no notebook; empty when it is one. */
  get unreadable(): string {
    return this.#changed ? "" : this.#base.unreadable;
  }

  /** How the file differs when another program has changed it; undefined when there is nothing to settle. */
  get conflict(): ConflictView | undefined {
    return this.#conflict;
  }

  /**
   * Changes the code of a cell.
   *
   * @throws {RangeError} when there is no such cell.
   * @throws {TypeError} when it holds no code.
   */
  setSource(cellId: string, source: string): void {
    this.#changeCell(
      cellId,
      (cell) => text(cell.source) === source ? cell : { ...cell, source: lines(source) },
    );
  }

  /**
   * Changes what a cell shows.
   *
   * @param executionCount the count of the run that made the outputs
   * @throws {RangeError} when there is no such cell.
   * @throws {TypeError} when it holds no code.
   */
  setOutputs(cellId: string, outputs: readonly Output[], executionCount: number): void {
    const stored = outputs.map((output) => storedOutput(output, executionCount));
    this.#changeCell(
      cellId,
      (cell) =>
        cell.execution_count === executionCount && isDeepStrictEqual(cell.outputs, stored)
          ? cell
          : { ...cell, execution_count: executionCount, outputs: stored },
    );
  }

  /** Takes a notebook that holds all of this one, and more: nothing goes, so that nothing is backed up. */
  extend(book: Notebook): void {
    this.#requireOpen();
    this.#change(book);
  }

  /** Takes another notebook in place of this one, which goes to the backups first. */
  replace(book: Notebook): void {
    this.#requireOpen();
    this.#copies.owe(this.#mine());
    this.#change({ ...book });
  }

  /** Keeps the current state as a backup. Returns its name; undefined when there is nothing to keep, not even a file. */
  backUp(): Promise<string | undefined> {
    return this.#disk.run(() => this.#copies.backUp(this.#mine()));
  }

  /** Resolves when everything so far is on disk: in the file, or in the kept copy during a conflict. Never rejects. */
  saved(): Promise<void> {
    return this.#autosave.saved();
  }

  /** Writes everything so far now; rejects when that fails. */
  flush(): Promise<void> {
    return this.#autosave.flush();
  }

  /** Looks whether another program has changed the file. */
  checkDisk(): Promise<void> {
    return this.#disk.run(async () => {
      await this.#look();
      if (this.#conflict) await this.#copies.follow(this.#mine());
    });
  }

  /**
   * Ends a conflict: with our version, or with the file's. The other one is in the backups.
   *
   * @throws {RangeError} when the file's version is asked for and is no notebook.
   */
  resolve(keep: "mine" | "file"): Promise<void> {
    this.#requireOpen();
    return this.#disk.run(async () => {
      await this.#look();
      if (!this.#conflict) return;
      await (keep === "mine" ? this.#writeMine() : this.#takeFile());
    });
  }

  /** Saves and lets go of the file. When that cannot be saved, it rejects, and the chapter stays open. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    do {
      await this.flush();
      // The last moment at which our version can be kept from another program's.
      await this.checkDisk();
    } while (this.#autosave.pending);
    this.#closed = true;
    this.#autosave.close();
    await this.#watching?.[Symbol.asyncDispose]();
    await this.#disk.run(async () => {});
  }

  /** Whether the notebook is another one than the file held. */
  get #changed(): boolean {
    return this.#book !== this.#base.book;
  }

  /** Our version as the file would be. */
  #mine(): Version {
    return this.#changed ? versionWith(this.#book) : this.#base;
  }

  #changeCell(id: string, change: (cell: CodeCell) => CodeCell): void {
    this.#requireOpen();
    const { cells } = this.#book;
    const cell = cells.find((cell) => cell.id === id);
    if (!cell) {
      throw new RangeError(
        `Cannot change the cell as it must be in ${this.#name}: current value is ${id}`,
      );
    }
    if (cell.cell_type !== "code") {
      throw new TypeError(
        `Cannot change cell ${id} of ${this.#name} as it must hold code: current value is ${cell.cell_type}`,
      );
    }
    const changed = change(cell);
    if (changed === cell) return;
    this.#change({ ...this.#book, cells: cells.map((other) => other === cell ? changed : other) });
  }

  #change(book: Notebook): void {
    this.#book = book;
    this.#autosave.changed();
  }

  #requireOpen(): void {
    if (this.#closed) {
      throw new Error(`Cannot change ${this.#name} as it must be open: current value is closed`);
    }
  }

  async #save(): Promise<void> {
    for (;;) {
      await this.#look();
      if (this.#conflict) return await this.#copies.follow(this.#mine());
      if (!this.#changed || await this.#write(this.#base)) return;
    }
  }

  /** Reads the file, and opens or ends a conflict. */
  async #look(): Promise<void> {
    const bytes = await readBytes(this.#path);
    if (sameBytes(bytes, this.#base.bytes)) return this.#end();
    const file = versionOf(bytes, this.#name);
    const nothing = !this.#changed && !this.#base.bytes;
    if (nothing || file.unreadable === "" && sameNotebook(file.book, this.#book)) {
      return this.#take(file);
    }
    this.#theirs = file;
    this.#tell(conflictBetween(this.#book, file));
  }

  #tell(conflict: ConflictView | undefined): void {
    if (isDeepStrictEqual(conflict, this.#conflict)) return;
    this.#conflict = conflict;
    this.#options.onConflict?.(conflict);
  }

  /** There is no conflict, or not any more. */
  #end(): void {
    this.#copies.unfollow();
    this.#tell(undefined);
    // What has gone to the kept copy only.
    if (this.#changed && !this.#autosave.pending) this.#autosave.changed();
  }

  /** The current notebook is the file's from now on. */
  #take(file: Version): void {
    this.#copies.owe(file);
    this.#base = file;
    this.#book = file.book;
    this.#end();
  }

  /** Writes our version over the one that is expected in the file; false when there is another. */
  async #write(expected: Version): Promise<boolean> {
    const mine = this.#mine();
    if (!mine.bytes || sameBytes(mine.bytes, expected.bytes)) {
      await this.#copies.settle(mine);
    } else {
      await this.#copies.settle();
      const { write = writeAtomically } = this.#options;
      const onlyIf = async () => sameBytes(await readBytes(this.#path), expected.bytes);
      if (!await write(this.#path, mine.bytes, { durable: true, onlyIf })) return false;
    }
    this.#base = mine;
    return true;
  }

  async #writeMine(): Promise<void> {
    while (this.#conflict) {
      await this.#copies.backUp(this.#theirs);
      if (await this.#write(this.#theirs)) this.#end();
      else await this.#look();
    }
  }

  async #takeFile(): Promise<void> {
    const file = this.#theirs;
    if (file.unreadable !== "") {
      throw new RangeError(
        `Cannot take the file as it must be a notebook: current value is: ${file.unreadable}`,
      );
    }
    // Typing may go on while our version is kept.
    let book;
    do {
      book = this.#book;
      await this.#copies.follow(this.#mine());
    } while (book !== this.#book);
    this.#take(file);
  }
}
