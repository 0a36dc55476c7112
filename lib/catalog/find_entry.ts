/**
 * Says that a data file has no entry of a name, and which names are similar.
 *
 * @param what What was looked for, such as "hardware".
 * @param where The file that holds it.
 * @throws {RangeError} always.
 */
export function unknownName(
  what: string,
  where: string,
  wanted: string,
  known: readonly string[],
): never {
  const words = String(wanted).toLowerCase().split(/[^a-z0-9.]+/).filter((word) => word.length > 1);
  const similar = known.filter((name) => words.some((word) => name.includes(word)));
  throw new RangeError(
    `Cannot find ${what} ${JSON.stringify(wanted)} in ${where}: the ${
      similar.length ? "similar names" : "names"
    } are ${(similar.length ? similar : known).join(", ")}`,
  );
}

/**
 * The entry of an id, or the word of {@linkcode unknownName}.
 *
 * @throws {RangeError} when there is none.
 */
export function findEntry<Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  what: string,
  where: string,
  id: string,
): Entry {
  return entries.find((entry) => entry.id === id) ??
    unknownName(what, where, id, entries.map((entry) => entry.id));
}
