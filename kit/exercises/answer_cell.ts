import { codeCells, type Notebook, text } from "../notebook/mod.ts";
import { javaScript } from "./compile_cell.ts";
import type { AnswerFunction, Exercise } from "./suite.ts";
import { type Call, calls, defines, tokens } from "./tokens.ts";

/** The answer to an exercise, as found in a notebook. */
export interface AnswerCell {
  /** The source to run: it defines the answer, and hands it over with `check("01.1", …)`. */
  source: string;
  /** The position of the cell that calls `check()`, counted from 1. */
  number: number;
  /** Whether the learner changed anything: comments and formatting do not count. */
  attempted: boolean;
}

/** The code of a cell without its calls of `check()` and `hint()`. */
function withoutCalls(source: string): string[] {
  const code = tokens(source);
  const dropped = [...calls(code, "check"), ...calls(code, "hint")];
  return code.filter((_, index) =>
    !dropped.some(({ start, end }) => index >= start && index < end)
  );
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((token, index) => token === other[index]);
}

/** The ids of the exercises that a notebook calls `check()` for. */
export function exerciseIds(notebook: Notebook): Set<string> {
  return new Set(
    codeCells(notebook).flatMap(({ cell }) =>
      calls(tokens(text(cell.source)), "check").map(({ id }) => id)
    ),
  );
}

/**
 * Finds the answer to an exercise: the last cell that calls `check()` with its id, however cells were copied, split or
 * moved. Where that cell does not define the name, the last earlier cell that does is put before it.
 */
export function findAnswer(
  notebook: Notebook,
  exercise: Pick<Exercise, "id" | "name" | "stub">,
): AnswerCell | undefined {
  const cells = codeCells(notebook).map(({ cell, number }) => {
    const source = text(cell.source);
    return { source, number, code: tokens(source) };
  });
  const calling = ({ code }: { code: string[] }): Call | undefined =>
    calls(code, "check").findLast(({ id }) => id === exercise.id);
  const position = cells.findLastIndex(calling);
  const cell = cells[position];
  if (cell === undefined) return undefined;

  const argument = calling(cell)?.argument ?? [];
  const name = argument.length === 1 ? argument[0]! : exercise.name;
  const definition = defines(cell.code, name)
    ? undefined
    : cells.slice(0, position).findLast(({ code }) => defines(code, name));
  // A block of its own, so that what the second cell declares again does not clash, as it does not in a notebook.
  const source = definition ? `${definition.source}\n{\n${cell.source}\n}` : cell.source;
  const written = [...withoutCalls(definition?.source ?? ""), ...withoutCalls(cell.source)];
  return { source, number: cell.number, attempted: !same(written, tokens(exercise.stub)) };
}

/** Whether a function is what the stub defines, with nothing added: its code is part of the stub's, transpiled. */
export function isStub(answer: AnswerFunction, { stub }: Exercise): boolean {
  const blank = tokens(javaScript(stub));
  const code = tokens(String(answer));
  return blank.some((_, start) => same(code, blank.slice(start, start + code.length)));
}
