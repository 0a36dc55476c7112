import * as Plot from "@observablehq/plot";
import type { FlashStep, Tile } from "../attention/mod.ts";
import { palette } from "./figure.ts";

/** A tiled attention as it is drawn: its sizes, and its turns as `flashSteps()` gives them. */
export interface TileRun {
  readonly queries: number;
  readonly keys: number;
  readonly tile: Tile;
  readonly steps: readonly FlashStep[];
}

/** What a tile of the score matrix is at some turn. */
export type TileState = "to come" | "now" | "done" | "never";

/** A part of a panel: a rectangle in units of tiles. */
export interface PanelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly what: "score" | "queries" | "keys" | "values" | "output";
  readonly state: TileState;
}

/** Tiles from the left edge of a panel to its score matrix, and from the top. */
const [left, top] = [1.3, 2.3];
const strip = 0.8;

/** The size of a panel in tiles: the matrix with keys and values above it, queries before and results behind it. */
export function panelSize({ queries, keys, tile }: TileRun): { width: number; height: number } {
  return {
    width: left + Math.ceil(keys / tile.columns) + left,
    height: top + Math.ceil(queries / tile.rows),
  };
}

/**
 * The boxes of one turn: which tiles of the scores are done, which one is computed now, which are never computed, and what
 * of the inputs and results is in the fast memory.
 *
 * @param turn Index into the steps.
 * @throws {RangeError} for a turn that is not there.
 */
export function panelBoxes(run: TileRun, turn: number): PanelBox[] {
  const now = run.steps[turn];
  if (!now) {
    throw new RangeError(
      `Cannot draw a turn as it must be from 0 to ${
        run.steps.length - 1
      }: current value is ${turn}`,
    );
  }
  const { tile } = run;
  const boxes: PanelBox[] = run.steps.map((step) => ({
    x: left + step.columns[0] / tile.columns,
    y: top + step.rows[0] / tile.rows,
    width: 1,
    height: 1,
    what: "score",
    state: step.masked === "wholly"
      ? "never"
      : step.turn < turn
      ? "done"
      : step.turn === turn
      ? "now"
      : "to come",
  }));
  for (let column = 0; column < run.keys; column += tile.columns) {
    const state = column === now.columns[0] ? "now" : "to come";
    const x = left + column / tile.columns;
    boxes.push({ x, y: 0, width: 1, height: strip, what: "keys", state });
    boxes.push({ x, y: 1.1, width: 1, height: strip, what: "values", state });
  }
  const visited = run.steps.filter(({ masked }) => masked !== "wholly");
  for (let row = 0; row < run.queries; row += tile.rows) {
    const own = visited.filter(({ rows }) => rows[0] === row);
    const y = top + row / tile.rows;
    const inFast = now.rows[0] === row;
    boxes.push({
      x: 0,
      y,
      width: strip,
      height: 1,
      what: "queries",
      state: inFast ? "now" : "to come",
    });
    const last = own.at(-1)?.turn ?? Infinity;
    boxes.push({
      x: panelSize(run).width - strip,
      y,
      width: strip,
      height: 1,
      what: "output",
      state: last <= turn ? "done" : inFast ? "now" : "to come",
    });
  }
  return boxes;
}

/** The number of a turn as it is told: from 1, without the tiles that are skipped. */
export function turnNumber({ steps }: TileRun, turn: number): number {
  return steps.slice(0, turn + 1).filter(({ masked }) => masked !== "wholly").length;
}

const colors = {
  score: palette.purple,
  queries: palette.blue,
  keys: palette.green,
  values: palette.green,
  output: palette.orange,
} as const;

/** The marks of a panel whose left upper corner is at `x`, `y`. */
export function panelMarks(run: TileRun, turn: number, x: number, y: number): Plot.Markish[] {
  const boxes = panelBoxes(run, turn).map((box) => ({ ...box, x: box.x + x, y: box.y + y }));
  const scores = boxes.filter(({ what }) => what === "score");
  const filled = ({ what, state }: PanelBox) =>
    state === "now" || (what === "output" && state === "done");
  const gap = 0.04;
  const place = {
    x1: (box: PanelBox) => box.x + gap,
    x2: (box: PanelBox) => box.x + box.width - gap,
    y1: (box: PanelBox) => box.y + gap,
    y2: (box: PanelBox) => box.y + box.height - gap,
  };
  const middle = {
    x: (box: PanelBox) => box.x + box.width / 2,
    y: (box: PanelBox) => box.y + box.height / 2,
  };
  return [
    Plot.rect(boxes.filter((box) => !filled(box) && box.state !== "never"), {
      ...place,
      fill: (box: PanelBox) => box.state === "done" ? "var(--figure-grid)" : "none",
      stroke: (box: PanelBox) => box.what === "score" ? "var(--figure-grid)" : colors[box.what],
    }),
    Plot.rect(boxes.filter(filled), {
      ...place,
      fill: (box: PanelBox) => colors[box.what],
      // A result that is not finished is pale.
      fillOpacity: (box: PanelBox) => box.what === "output" && box.state === "now" ? 0.35 : 1,
      stroke: (box: PanelBox) => colors[box.what],
    }),
    Plot.text(scores.filter(({ state }) => state === "never"), {
      ...middle,
      text: () => "×",
      fill: "var(--figure-muted)",
    }),
  ];
}

/** The names of the parts of a panel, in short. */
export function panelNames(run: TileRun, x: number, y: number): Plot.Markish {
  const { width } = panelSize(run);
  const names = [
    { text: "K", x: x + left - 0.35, y: y + strip / 2 },
    { text: "V", x: x + left - 0.35, y: y + 1.1 + strip / 2 },
    { text: "Q", x: x + strip / 2, y: y + top - 0.35 },
    { text: "O", x: x + width - strip / 2, y: y + top - 0.35 },
  ];
  return Plot.text(names, { x: "x", y: "y", text: "text", fontWeight: 600 });
}
