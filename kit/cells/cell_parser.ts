import { type CellSyntax, parseCells } from "./parse_cells.ts";

/** How many cells are remembered: those of all chapters of the course, with some versions of each. */
const capacity = 2000;

/** Parses cells and remembers them by their code, so that only code that is new costs a run of Deno. */
export class CellParser {
  /** The ones used last stand at the end. */
  #known = new Map<string, CellSyntax>();

  /** What {@linkcode parseCells} says; at once when all the code has been seen before. */
  readonly parse = async (sources: readonly string[]): Promise<CellSyntax[]> => {
    const fresh = [...new Set(sources)].filter((source) => !this.#known.has(source));
    const parsed = await parseCells(fresh);
    fresh.forEach((source, index) => this.#remember(source, parsed[index]));
    const found = sources.map((source) => this.#known.get(source) ?? { syntax: [] });
    sources.forEach((source, index) => this.#remember(source, found[index]));
    for (const source of this.#known.keys()) {
      if (this.#known.size <= capacity) break;
      this.#known.delete(source);
    }
    return found;
  };

  #remember(source: string, syntax: CellSyntax | undefined): void {
    this.#known.delete(source);
    if (syntax) this.#known.set(source, syntax);
  }
}
