import * as Plot from "@observablehq/plot";
import { requireInteger } from "../units/mod.ts";
import { blocksLegend, pale } from "./blocks_legend.ts";
import { drawFigure, type Figure, halo, palette } from "./figure.ts";

/** A piece of memory, of the same size as all others. */
export interface MemoryBlock {
  /** Who holds it: nobody when it is free, several when it is shared. */
  readonly owners: readonly string[];
  /** The share of it that is filled, from 0 to 1. Default 1. */
  readonly filled?: number;
  /** Written into it, such as its number. Default: how many share it, when some do. */
  readonly label?: string;
}

/** Blocks in their order, with a name beside them: a memory, or the table of one sequence. */
export interface BlockMap {
  readonly name: string;
  readonly blocks: readonly MemoryBlock[];
}

/** How maps are drawn. */
export interface BlocksOptions {
  /** Blocks side by side. Default 16. */
  readonly columns?: number;
  /** All owners that there may be, so that each keeps its color from picture to picture. */
  readonly owners?: readonly string[];
  /** What owners are called together, when there are more than colors. Default "owners". */
  readonly called?: string;
  /** A sentence above the maps, such as what has just happened. */
  readonly title?: string;
}

const colors = Object.values(palette);
const letter = 7.4;
const inset = 2;

/**
 * A map of memory: who has which block, what is shared, what is free, and what is taken and holds nothing?
 *
 * A block has the color of its owner, as far as it is filled; what is taken and empty is pale, what is free is an outline.
 * A shared block has a band for each owner, a dark rim, and the number of them. With more than six owners colors repeat.
 *
 * @throws {RangeError} without blocks, or when a block is filled by more than all of it or by less than nothing.
 * @example Two sequences share the first of four blocks
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { blocksFigure } from "@fewer-bytes/figures";
 *
 * const memory = [{ owners: ["A", "B"] }, { owners: ["A"], filled: 0.5 }, { owners: ["B"] }, { owners: [] }];
 * const figure = blocksFigure("Two sequences.", [{ name: "memory", blocks: memory }], { columns: 4 });
 * assertStringIncludes(figure.svg, "×2");
 * ```
 */
export function blocksFigure(
  description: string,
  maps: readonly BlockMap[],
  { columns = 16, owners = [], called = "owners", title = "" }: BlocksOptions = {},
): Figure {
  requireInteger(columns, 1, "draw blocks", "columns");
  const all = maps.flatMap(({ blocks }) => blocks);
  if (all.length === 0) {
    throw new RangeError("Cannot draw blocks as there must be at least one: current number is 0");
  }
  const bad = all.find(({ filled = 1 }) => !(filled >= 0 && filled <= 1));
  if (bad) {
    throw new RangeError(
      `Cannot draw blocks as the filled share must be from 0 to 1: current value is ${bad.filled}`,
    );
  }
  const names = [...new Set([...owners, ...all.flatMap(({ owners }) => owners)])];
  const color = new Map(names.map((name, index) => [name, colors[index % colors.length]!]));

  const marginLeft = 16 + letter * Math.max(...maps.map(({ name }) => name.length));
  const size = Math.min(84, (760 - marginLeft - 8) / columns);
  const height = Math.min(size, 40);
  const cells = layOut(maps, columns);
  const rows = cells.at(-1)!.row + 1;
  const legend = blocksLegend(all, color, called);
  const titleHeight = title ? 26 : 0;
  const marginTop = 14 + titleHeight + legend.height;
  // In rows: bands of one block meet, and keep away from its rim.
  const gap = inset / height;

  const bands = cells.flatMap(({ block: { owners, filled = 1 }, x, row }) =>
    owners.map((owner, band) => ({
      x,
      end: x + filled,
      high: row + gap + (1 - 2 * gap) * band / owners.length,
      low: row + gap + (1 - 2 * gap) * (band + 1) / owners.length,
      color: color.get(owner)!,
    }))
  );
  const band = {
    x1: "x",
    y1: "high",
    y2: "low",
    fill: "color",
    insetLeft: inset,
    insetRight: inset,
  };
  const rims = (of: typeof cells, stroke: string, strokeWidth: number) =>
    Plot.rect(of, {
      x1: "x",
      x2: ({ x }: Placed) => x + 1,
      y1: "row",
      y2: ({ row }: Placed) => row + 1,
      inset: inset - 0.5,
      fill: "none",
      stroke,
      strokeWidth,
      rx: 3,
    });
  return drawFigure(description, {
    height: marginTop + rows * height + 8,
    marginTop,
    marginBottom: 8,
    marginLeft,
    marginRight: 760 - marginLeft - size * columns,
    x: { domain: [0, columns], axis: null },
    y: { domain: [rows, 0], axis: null },
    marks: [
      Plot.rect(bands, { ...band, x2: ({ x }: Placed) => x + 1, fillOpacity: pale }),
      Plot.rect(bands.filter(({ x, end }) => end > x), { ...band, x2: "end" }),
      rims(cells.filter(({ block }) => block.owners.length < 2), "var(--figure-grid)", 1),
      rims(cells.filter(({ block }) => block.owners.length > 1), "var(--figure-ink)", 2),
      Plot.text(cells, {
        x: ({ x }: Placed) => x + 0.5,
        y: ({ row }: Placed) => row + 0.5,
        text: ({ block: { label, owners } }: Placed) =>
          label ?? (owners.length > 1 ? `×${owners.length}` : ""),
        fontSize: Math.min(13, height / 1.9),
        fontWeight: 600,
        ...halo,
      }),
      Plot.text(firstRows(maps, columns), {
        x: 0,
        y: ({ row }: { row: number }) => row + 0.5,
        text: "name",
        dx: -8,
        textAnchor: "end",
      }),
      Plot.text([title], {
        frameAnchor: "top-left",
        dx: 8 - marginLeft,
        dy: 10 - marginTop,
        textAnchor: "start",
        fontWeight: 600,
      }),
      legend.marks(8 - marginLeft, titleHeight - marginTop),
    ],
  });
}

interface Placed {
  readonly block: MemoryBlock;
  readonly x: number;
  readonly row: number;
}

/** Where each block stands: maps below each other, with half a row between them. */
function layOut(maps: readonly BlockMap[], columns: number): Placed[] {
  const starts = firstRows(maps, columns);
  return maps.flatMap(({ blocks }, map) =>
    blocks.map((block, index) => ({
      block,
      x: index % columns,
      row: starts[map]!.row + Math.floor(index / columns),
    }))
  );
}

function firstRows(maps: readonly BlockMap[], columns: number) {
  let row = 0;
  return maps.map(({ name, blocks }) => {
    const start = row;
    row += Math.ceil(blocks.length / columns) + 0.5;
    return { name, row: start };
  });
}
