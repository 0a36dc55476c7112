/** A stretch of a cell's text: from, up to. */
export type Range = readonly [start: number, end: number];

/** A name that an import brings in. */
export interface ImportedName {
  readonly range: Range;
  readonly imported: string;
  readonly local: string;
  /** Only its type is imported. */
  readonly type: boolean;
}

/** What only a module may say at its top level, and a block may not. */
export type ModuleSyntax =
  | {
    readonly kind: "import";
    readonly range: Range;
    readonly source: string;
    readonly sourceRange: Range;
    readonly names: readonly ImportedName[];
    /** The import attributes, such as `{ type: "json" }`. */
    readonly attributes: Readonly<Record<string, string>>;
    /** Nothing of it is left when the types are gone. */
    readonly type: boolean;
  }
  /** `export { a } from "m"`. */
  | {
    readonly kind: "reexport";
    readonly range: Range;
    readonly sourceRange: Range;
    readonly source: string;
  }
  /** Text to take out: the word `export` before a declaration, or all of `export { a }`. */
  | { readonly kind: "export"; readonly range: Range }
  /** The text of `import("m")` that names the module. */
  | { readonly kind: "dynamic"; readonly sourceRange: Range; readonly source: string };

function namesOf(node: Deno.lint.ImportDeclaration): ImportedName[] {
  return node.specifiers.map((specifier) => {
    const { range, local: { name: local } } = specifier;
    const type = node.importKind === "type";
    if (specifier.type === "ImportDefaultSpecifier") {
      return { range, local, type, imported: "default" };
    }
    if (specifier.type === "ImportNamespaceSpecifier") return { range, local, type, imported: "*" };
    const { imported, importKind } = specifier;
    const name = imported.type === "Identifier" ? imported.name : imported.value;
    return { range, local, type: type || importKind === "type", imported: name };
  });
}

function attributesOf(node: Deno.lint.ImportDeclaration): Record<string, string> {
  return Object.fromEntries(
    node.attributes.map(({ key, value }) => ["name" in key ? key.name : key.value, value.value]),
  );
}

/**
 * A plugin for `deno lint` that reports as diagnostics where a cell imports and exports: so Deno's own parser reads the
 * cells, and no second parser is needed.
 */
const plugin: Deno.lint.Plugin = {
  name: "cells",
  rules: {
    "module-syntax": {
      create(context) {
        const report = (node: Deno.lint.Node, syntax: ModuleSyntax) =>
          context.report({ node, message: JSON.stringify(syntax) });
        return {
          ImportDeclaration(node) {
            const { range, source: { value: source, range: sourceRange } } = node;
            report(node, {
              kind: "import",
              range,
              source,
              sourceRange,
              names: namesOf(node),
              attributes: attributesOf(node),
              type: node.importKind === "type",
            });
          },
          ImportExpression(node) {
            const { source } = node;
            if (source.type !== "Literal" || typeof source.value !== "string") return;
            report(node, { kind: "dynamic", source: source.value, sourceRange: source.range });
          },
          ExportAllDeclaration(node) {
            const { range, source: { value: source, range: sourceRange } } = node;
            report(node, { kind: "reexport", range, source, sourceRange });
          },
          ExportNamedDeclaration(node) {
            const { range, source, declaration } = node;
            if (source) {
              report(node, {
                kind: "reexport",
                range,
                source: source.value,
                sourceRange: source.range,
              });
            } else {
              report(node, {
                kind: "export",
                range: declaration ? [range[0], declaration.range[0]] : range,
              });
            }
          },
          ExportDefaultDeclaration(node) {
            const { range, declaration } = node;
            const named = !("id" in declaration) || declaration.id !== null;
            report(node, {
              kind: "export",
              range: named ? [range[0], declaration.range[0]] : range,
            });
          },
        };
      },
    },
  },
};

export default plugin;
