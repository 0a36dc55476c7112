import { AnswerError } from "./answer_error.ts";
import type { Thrown } from "./sandbox_room.ts";

/** What to do, for what an answer throws when it is graded: no other cell, no import, no permission. */
export function explainThrown({ name, message }: Thrown): AnswerError {
  const missing = /^(\S+) is not defined$/.exec(message)?.[1];
  if (name === "ReferenceError" && missing) {
    const advice = "an answer is graded alone, so keep its helpers in the same cell";
    return new AnswerError(`${missing} is not defined: ${advice}`, { thrown: true });
  }
  if (name === "NotCapable" || /^Requires .* access/.test(message)) {
    return new AnswerError(refusal("asked for a permission"));
  }
  if (name === "SyntaxError") {
    // The compiler repeats the name, and draws the line below.
    const [, what, line] = /^(?:SyntaxError: )?(.*)(?:[\s\S]*?\d+ \| (.*))?/.exec(message) ?? [];
    return new AnswerError(`the cell does not parse: ${what}${line ? ` in "${line.trim()}"` : ""}`);
  }
  return new AnswerError(`your code threw ${name}: ${message}`, { thrown: true });
}

/** Says that an answer reached for something outside. */
export function refusal(what: string): string {
  return `the cell ${what}: an answer is graded alone, with no imports and no permissions`;
}
