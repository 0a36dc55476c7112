/**
 * Splits TypeScript into tokens, with everything gone that a formatter may change: white space, comments, semicolons,
 * the kind of quotes, trailing commas. Two sources with equal tokens say the same.
 *
 * It is no parser: a quote inside a regular expression would confuse it, which is good enough to compare a cell with its
 * stub and to find a call in it.
 */
export function tokens(source: string): string[] {
  const pattern =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|[\w$]+(?:\.\d+)?|\S/g;
  const found = (source.match(pattern) ?? []).filter((token) => !/^(?:\/\/|\/\*|;$)/.test(token));
  return found
    .filter((token, index) => token !== "," || !/^[)\]}]$/.test(found[index + 1] ?? ""))
    .map((token) =>
      /^'.*'$/.test(token) ? `"${token.slice(1, -1).replaceAll('"', '\\"')}"` : token
    );
}

/** Whether the tokens declare a name: as a function, a constant, a variable or a class. */
export function defines(code: readonly string[], name: string): boolean {
  return code.some((token, index) =>
    token === name && /^(?:function|const|let|var|class|\*)$/.test(code[index - 1] ?? "")
  );
}

/** A call `name("id", …)` in the tokens. */
export interface Call {
  /** Where it starts (an `await` before it included), and where it ends. */
  start: number;
  end: number;
  /** The id, without its quotes. */
  id: string;
  /** The tokens of the second argument. */
  argument: string[];
}

/** The calls of `name` whose first argument is a text, in the order of the code. */
export function calls(code: readonly string[], name: string): Call[] {
  return code.flatMap((token, index) => {
    const id = /^"(.*)"$/.exec(code[index + 2] ?? "")?.[1];
    if (token !== name || code[index - 1] === "." || code[index + 1] !== "(" || id === undefined) {
      return [];
    }
    let depth = 0;
    let end = index + 1;
    for (; end < code.length; end++) {
      if (/^[([{]$/.test(code[end] ?? "")) depth++;
      if (/^[)\]}]$/.test(code[end] ?? "") && --depth === 0) break;
    }
    return [{
      start: code[index - 1] === "await" ? index - 1 : index,
      end: end + 1,
      id,
      argument: code.slice(index + 4, end),
    }];
  });
}
