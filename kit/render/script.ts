/**
 * Turns an ES module that has one default export and imports nothing into an expression of that export, so that the
 * modules of a package can stand together in one inline script.
 *
 * @throws {SyntaxError} when the module does not end with its default export.
 */
export function moduleExpression(source: string, name: string): string {
  const ending = /export\s*\{\s*([\w$]+) as default\s*\};?\s*$/;
  const exported = source.match(ending)?.[1];
  if (exported === undefined) {
    throw new SyntaxError(
      `Cannot inline module ${name} as it must end with "export { … as default }": it does not`,
    );
  }
  return `(() => {\n${source.replace(ending, "")}\nreturn ${exported};\n})()`;
}
