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
