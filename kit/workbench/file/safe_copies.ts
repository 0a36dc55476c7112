import type { Notebook } from "../../notebook/mod.ts";
import type { Backups } from "./backups.ts";
import { sameBytes, type Version } from "./version.ts";

/** Sees to it that a version is in a backup before the last other trace of it goes. */
export class SafeCopies {
  readonly #backups: Backups;
  #owed: Version[] = [];
  #names = new WeakMap<Notebook, string>();
  #following: { readonly name: string; readonly book: Notebook } | undefined;

  constructor(backups: Backups) {
    this.#backups = backups;
  }

  /** Notes a version that must be backed up before the file is another one. */
  owe(version: Version): void {
    this.#owed.push(version);
  }

  /** Backs up what is owed, less what is the same as a version that has a file already: that stays owed. */
  async settle(safe?: Version): Promise<void> {
    const isSafe = ({ bytes }: Version) => safe !== undefined && sameBytes(bytes, safe.bytes);
    for (const version of this.#owed) if (!isSafe(version)) await this.backUp(version);
    this.#owed = this.#owed.filter(isSafe);
  }

  /** Backs up a version, once. Returns its name; undefined when there is no file to be backed up. */
  async backUp({ book, bytes }: Version): Promise<string | undefined> {
    if (!bytes) return undefined;
    const known = this.#names.get(book);
    if (known !== undefined && (await this.#backups.list()).includes(known)) return known;
    const name = await this.#backups.backUp(bytes);
    this.#names.set(book, name);
    return name;
  }

  /** Keeps a version that still changes: all that are handed in until {@linkcode unfollow} go to one file. */
  async follow(version: Version): Promise<void> {
    const { book, bytes } = version;
    if (!bytes || this.#following?.book === book) return;
    await this.settle(version);
    const name = this.#following?.name;
    if (name !== undefined) await this.#backups.update(name, bytes);
    this.#following = { name: name ?? await this.#backups.backUp(bytes), book };
  }

  /** The version that was followed stays as it is. */
  unfollow(): void {
    this.#following = undefined;
  }
}
