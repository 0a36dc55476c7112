import { isDeepStrictEqual } from "node:util";
import { calls, tokens } from "../../exercises/tokens.ts";

/** Puts something else in place of each call of `check()` for an exercise, `await` included; the rest stays as it is. */
export function replaceChecks(
  source: string,
  exerciseId: string,
  replacement: (call: string) => string,
): string {
  // From the end, so that the places found stay where they are.
  for (const { index } of [...source.matchAll(/(?:\bawait\s+)?\bcheck\s*\(/g)].toReversed()) {
    const call = callAt(source, index, exerciseId);
    source = source.slice(0, index) + (call && replacement(call)) +
      source.slice(index + call.length);
  }
  return source;
}

/** The call that starts at a place, up to the parenthesis that closes it; empty when there is none for this exercise. */
function callAt(source: string, start: number, exerciseId: string): string {
  const before = tokens(source.slice(0, start));
  const all = tokens(source);
  if (before.at(-1) === ".") return "";
  for (const { index } of source.slice(start).matchAll(/\)/g)) {
    const end = start + index + 1;
    const code = tokens(source.slice(start, end));
    const call = calls(code, "check")[0];
    if (call?.start !== 0 || call.id !== exerciseId) return "";
    // Whoever cuts inside a comment or a text gets other tokens.
    const parts = [...before, ...code, ...tokens(source.slice(end))];
    if (call.end === code.length && isDeepStrictEqual(parts, all)) return source.slice(start, end);
  }
  return "";
}
