import { type CellSyntax, type ModuleSyntax, parseCells } from "../cells/mod.ts";

/** One static import of a cell, as far as it names values. */
export interface Import {
  readonly source: string;
  /** The exported names it asks for: "default" for a default import, none for a namespace or a side effect. */
  readonly names: string[];
  /** The import attributes, such as `{ type: "json" }`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What Deno's parser says about the source of one cell. */
export interface CellReading {
  /** The values it imports, in order. */
  readonly imports: Import[];
  /** Why it does not parse: the parser's message, with the line and a caret below the place. */
  readonly syntaxError?: string;
}

/** Reads the sources of cells without running them: what does each import, and does it parse? */
export async function readCells(sources: readonly string[]): Promise<CellReading[]> {
  return (await parseCells(sources)).map(({ syntax, error }: CellSyntax) => {
    const imports = syntax.flatMap(valuesOf);
    if (!error) return { imports };
    return {
      imports,
      syntaxError: `${error.drawing}\n(line ${error.line}, column ${error.column})`,
    };
  });
}

/** What the import asks of the module when it runs; nothing when it asks for types alone. */
function valuesOf(syntax: ModuleSyntax): Import[] {
  if (syntax.kind !== "import" || syntax.type) return [];
  const { source, attributes, names } = syntax;
  const values = names.filter(({ type, imported }) => !type && imported !== "*");
  return [{ source, attributes, names: values.map(({ imported }) => imported) }];
}
