import { basename, dirname, join } from "node:path";
import { removeLeftovers, writeAtomically } from "../../notebook/mod.ts";

/** The moment of a backup, and its number among those of the same millisecond. */
const pattern = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3})(?:-(\d+))?\.ipynb$/;

/** How backups are kept. */
export interface BackupOptions {
  /** How many of a chapter stay; 50 by default. */
  readonly keep?: number;
  readonly now?: () => Date;
}

/**
 * Earlier versions of one chapter, as files in `notebooks/.backups/NAME/`, named after the moment in UTC:
 * `2026-11-22T12-03-59.123.ipynb`. Git ignores them.
 */
export class Backups {
  readonly #root: string;
  readonly #folder: string;
  readonly #keep: number;
  readonly #now: () => Date;

  /** @param root the folder of all backups; each chapter has one in it, named after it */
  constructor(
    root: string,
    chapter: string,
    { keep = 50, now = () => new Date() }: BackupOptions = {},
  ) {
    this.#root = root;
    this.#folder = join(root, chapter);
    this.#keep = keep;
    this.#now = now;
  }

  /** Those of a notebook, in a folder beside it. */
  static beside(path: string, options?: BackupOptions): Backups {
    return new Backups(join(dirname(path), ".backups"), basename(path, ".ipynb"), options);
  }

  /** Keeps a version for good, until there are {@linkcode BackupOptions.keep} newer ones. Returns its name. */
  async backUp(content: string | Uint8Array): Promise<string> {
    await this.#prepare();
    const taken = await this.list();
    const stamp = this.#now().toISOString().slice(0, -1).replaceAll(":", "-");
    const [newest = "", number = 1] = taken[0] ? order(taken[0]) : [];
    // A clock that was set back must not make the new one the oldest, which would be the next to go.
    const name = stamp > newest ? `${stamp}.ipynb` : `${newest}-${number + 1}.ipynb`;
    await this.update(name, content);
    for (const old of taken.slice(this.#keep - 1)) await Deno.remove(join(this.#folder, old));
    return name;
  }

  /** Gives a backup another content: for a version that still changes, and is to be kept in one file. */
  async update(name: string, content: string | Uint8Array): Promise<void> {
    await writeAtomically(this.#path(name), content, { durable: true });
  }

  /** The names, the newest first. */
  async list(): Promise<string[]> {
    const entries = await Array.fromAsync(Deno.readDir(this.#folder)).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    });
    return entries.map(({ name }) => name).filter((name) => pattern.test(name)).sort((a, b) => {
      const [[one, first], [other, second]] = [order(a), order(b)];
      return one === other ? second - first : one < other ? 1 : -1;
    });
  }

  /**
   * The text of a backup.
   *
   * @throws {RangeError} when there is none of this name.
   */
  async read(name: string): Promise<string> {
    const path = this.#path(name);
    return await Deno.readTextFile(path).catch((error) => {
      if (error instanceof Deno.errors.NotFound) throw unknown(name);
      throw error;
    });
  }

  /** Removes what a kill in the middle of a backup has left. */
  async tidy(): Promise<void> {
    await removeLeftovers(this.#folder);
  }

  #path(name: string): string {
    if (!pattern.test(name)) throw unknown(name);
    return join(this.#folder, name);
  }

  async #prepare(): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true });
    const ignore = join(this.#root, ".gitignore");
    if (!await Deno.stat(ignore).then(() => true, () => false)) {
      await writeAtomically(ignore, "*\n");
    }
  }
}

/** What backups are sorted by. */
function order(name: string): [stamp: string, number: number] {
  const [, stamp = "", number = "1"] = pattern.exec(name) ?? [];
  return [stamp, Number(number)];
}

function unknown(name: string): RangeError {
  return new RangeError(
    `Cannot find the backup as it must be one of this chapter: current value is ${
      JSON.stringify(name)
    }`,
  );
}
