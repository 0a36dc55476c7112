/** One static import of a cell, as far as it names values. */
export interface Import {
  readonly source: string;
  /** The exported names it asks for: "default" for a default import, none for a namespace or a side effect. */
  readonly names: string[];
  /** The import attributes, such as `{ type: "json" }`. */
  readonly attributes: Record<string, string>;
}

/** What the import asks of the module when it runs; undefined when it asks for types alone. */
function valuesOf(node: Deno.lint.ImportDeclaration): Import | undefined {
  if (node.importKind === "type") return undefined;
  const names = node.specifiers.flatMap((specifier) => {
    if (specifier.type === "ImportDefaultSpecifier") return ["default"];
    if (specifier.type === "ImportNamespaceSpecifier" || specifier.importKind === "type") return [];
    return [
      specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value,
    ];
  });
  const attributes = node.attributes.map((
    { key, value },
  ) => ["name" in key ? key.name : key.value, value.value]);
  return { source: node.source.value, names, attributes: Object.fromEntries(attributes) };
}

/** A plugin for `deno lint` that reports every import as a diagnostic: so Deno's own parser reads the cells. */
const plugin: Deno.lint.Plugin = {
  name: "cells",
  rules: {
    imports: {
      create: (context) => ({
        ImportDeclaration(node) {
          const values = valuesOf(node);
          if (values) context.report({ node, message: JSON.stringify(values) });
        },
      }),
    },
  },
};

export default plugin;
