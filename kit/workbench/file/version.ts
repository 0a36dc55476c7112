import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import { type Notebook, parseNotebook, serializeNotebook, text } from "../../notebook/mod.ts";

/** A notebook file at one moment. */
export interface Version {
  /** What the file holds, byte for byte; undefined when there is no file. */
  readonly bytes: Uint8Array | undefined;
  /** The notebook in it; one without cells when it cannot be read. */
  readonly book: Notebook;
  /** Why it cannot be read; empty when it can. */
  readonly unreadable: string;
}

/** The bytes of a file; undefined when there is none. */
export async function readBytes(path: string): Promise<Uint8Array | undefined> {
  return await Deno.readFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

/** The notebook that a file holds. What is none is no error here: it is somebody's work too, and is kept. */
export function versionOf(bytes: Uint8Array | undefined, name: string): Version {
  const unreadable = (reason: string): Version => ({ bytes, book: blank(), unreadable: reason });
  if (!bytes) return unreadable(`Cannot read notebook ${name}: the file is gone`);
  try {
    const json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { bytes, book: withDistinctIds(parseNotebook(json, name)), unreadable: "" };
  } catch (error) {
    if (error instanceof SyntaxError) return unreadable(error.message);
    if (error instanceof TypeError) {
      return unreadable(`Cannot read notebook ${name}: it is no text in UTF-8`);
    }
    throw error;
  }
}

/** A notebook as a file that would hold it. */
export function versionWith(book: Notebook): Version {
  return { bytes: new TextEncoder().encode(serializeNotebook(book)), book, unreadable: "" };
}

/** Whether two files are the same, byte for byte, or both not there. */
export function sameBytes(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one && other ? Buffer.compare(one, other) === 0 : one === other;
}

/** Whether two notebooks say the same, however their files are formatted. */
export function sameNotebook(one: Notebook, other: Notebook): boolean {
  const plain = (book: Notebook) => ({
    ...book,
    cells: book.cells.map((cell) => ({ ...cell, source: text(cell.source) })),
  });
  return isDeepStrictEqual(plain(one), plain(other));
}

function blank(): Notebook {
  return { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] };
}

/** A merge can leave two cells with one id, and what is typed into the one must not go to the other. */
function withDistinctIds(book: Notebook): Notebook {
  const taken = new Set<string>();
  const cells = book.cells.map((cell) => {
    let id = cell.id;
    for (let number = 2; taken.has(id); number++) id = `${cell.id}-${number}`;
    taken.add(id);
    return id === cell.id ? cell : { ...cell, id };
  });
  return { ...book, cells };
}
