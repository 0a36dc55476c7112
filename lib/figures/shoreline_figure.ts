import * as Plot from "@observablehq/plot";
import { drawFigure, type Figure, palette } from "./figure.ts";

/**
 * The shoreline, drawn: square chips of growing edge, an arithmetic unit in each cell, a wire to memory at each step of
 * the border. Cells grow with the square of the edge, wires only with the edge.
 */
export function shorelineFigure(edges: readonly number[] = [2, 4, 8]): Figure {
  const gap = 4;
  let left = 1;
  const chips = edges.map((edge) => {
    const chip = { edge, left, units: edge ** 2, wires: 4 * edge };
    left += edge + gap;
    return chip;
  });
  const units = chips.flatMap(({ edge, left }) =>
    Array.from(
      { length: edge ** 2 },
      (_, index) => ({ x: left + index % edge + 0.5, y: Math.floor(index / edge) + 0.5 }),
    )
  );
  const wires = chips.flatMap(({ edge, left }) =>
    Array.from({ length: edge }, (_, step) => step + 0.5).flatMap((step) => [
      { x1: left + step, x2: left + step, y1: 0, y2: -0.7 },
      { x1: left + step, x2: left + step, y1: edge, y2: edge + 0.7 },
      { x1: left, x2: left - 0.7, y1: step, y2: step },
      { x1: left + edge, x2: left + edge + 0.7, y1: step, y2: step },
    ])
  );
  const tallest = Math.max(...edges);
  const description = "Square chips. " +
    chips.map(({ edge, units, wires }) =>
      `Edge ${edge}: ${units} arithmetic units, ${wires} wires to memory, ${
        units / wires
      } units a wire.`
    ).join(" ");
  return drawFigure(description, {
    width: 760,
    height: 760 * (tallest + 4.6) / (left + 0.5),
    marginLeft: 8,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 8,
    x: { domain: [-0.5, left], axis: null },
    y: { domain: [-3.4, tallest + 1.2], axis: null },
    marks: [
      Plot.rect(chips, {
        x1: "left",
        x2: ({ left, edge }: { left: number; edge: number }) => left + edge,
        y1: 0,
        y2: "edge",
        stroke: "var(--figure-muted)",
        strokeWidth: 1.5,
        fill: "none",
      }),
      Plot.link(wires, {
        x1: "x1",
        x2: "x2",
        y1: "y1",
        y2: "y2",
        stroke: palette.orange,
        strokeWidth: 4,
      }),
      Plot.dot(units, { x: "x", y: "y", r: 9, symbol: "square", fill: palette.blue }),
      Plot.text(chips, {
        x: ({ left, edge }: { left: number; edge: number }) => left + edge / 2,
        y: -1.5,
        text: ({ units, wires }: { units: number; wires: number }) =>
          `${units} units, ${wires} wires`,
        fontWeight: 600,
      }),
      Plot.text(chips, {
        x: ({ left, edge }: { left: number; edge: number }) => left + edge / 2,
        y: -2.5,
        text: ({ units, wires }: { units: number; wires: number }) =>
          `${units / wires} units a wire`,
      }),
    ],
  });
}
