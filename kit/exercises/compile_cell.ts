import { stripTypeScriptTypes } from "node:module";
import { AnswerError } from "./answer_error.ts";
import { explainThrown, refusal } from "./explain_thrown.ts";
import { tokens } from "./tokens.ts";

/** TypeScript as the JavaScript that Deno makes of it. */
export function javaScript(source: string): string {
  return stripTypeScriptTypes(source, { mode: "transform" });
}

/**
 * Turns a cell into a script whose value is an async function, so that the sandbox decides when it runs.
 *
 * What a notebook allows and a lone answer does not need is dropped: imports of types and of `check`, and `export`.
 *
 * @throws {AnswerError} when the cell does not parse, or imports a module.
 */
export function compileCell(source: string): string {
  const lone = source.replace(
    /^[ \t]*import\s*\{[^}]*\}\s*from\s*["']@fewer-bytes\/exercises["'];?/gm,
    "",
  );
  let code: string;
  try {
    code = javaScript(lone);
  } catch (error) {
    throw explainThrown(error as SyntaxError);
  }
  const words = tokens(code);
  if (words.some((word, index) => word === "import" && words[index - 1] !== ".")) {
    throw new AnswerError(refusal("imports a module"));
  }
  return `(async () => {\n${code.replace(/^export (?!default\b)/gm, "")}\n})`;
}
