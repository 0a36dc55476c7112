import * as Plot from "@observablehq/plot";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** A node of a tree, and those that grow from it. */
export interface TreeNode {
  /** Written in the node: a few letters. */
  readonly label?: string;
  readonly branches: readonly TreeNode[];
}

interface Placed {
  readonly label: string;
  readonly depth: number;
  readonly row: number;
  readonly parent: Placed | undefined;
}

const radius = 20;
const pixelsARow = 44;

/**
 * A tree that grows from left to right: its root, what may follow it, what may follow that. Each node stands as high as the
 * first of its branches, so that the first branch of each runs straight on.
 *
 * @param depths What the columns are, from the root's on. Default: no headings.
 * @throws {RangeError} when it would be more than 16 nodes deep.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { treeFigure } from "@fewer-bytes/figures";
 *
 * const leaf = { label: "60 %", branches: [] };
 * assertStringIncludes(treeFigure("A fork.", { branches: [leaf, leaf] }).svg, "60 %");
 * ```
 */
export function treeFigure(
  description: string,
  root: TreeNode,
  depths: readonly string[] = [],
): Figure {
  const nodes: Placed[] = [];
  let rows = 0;
  const place = ({ label = "", branches }: TreeNode, depth: number, parent?: Placed) => {
    const node = { label, depth, row: rows, parent };
    nodes.push(node);
    branches.forEach((branch, index) => {
      if (index > 0) rows++;
      place(branch, depth + 1, node);
    });
  };
  place(root, 0);
  const deepest = Math.max(...nodes.map(({ depth }) => depth));
  if (deepest > 16) {
    throw new RangeError(
      `Cannot draw a tree as it must be at most 16 deep: current value is ${deepest}`,
    );
  }
  const edges = nodes.filter(({ parent }) => parent);
  const top = radius + (depths.length > 0 ? 28 : 8);
  return drawFigure(description, {
    height: top + radius + 8 + pixelsARow * rows,
    marginTop: top,
    marginBottom: radius + 8,
    marginLeft: 40,
    marginRight: 40,
    x: { domain: [0, Math.max(1, deepest)], axis: null },
    y: { domain: [rows || 1, 0], axis: null },
    marks: [
      Plot.link(edges, {
        x1: ({ parent }: Placed) => parent!.depth,
        y1: ({ parent }: Placed) => parent!.row,
        x2: "depth",
        y2: "row",
        stroke: "var(--figure-muted)",
        strokeWidth: 1.5,
        curve: "bump-x",
      }),
      Plot.dot(nodes.slice(0, 1), { x: "depth", y: "row", r: 8, fill: palette.orange }),
      Plot.dot(edges, {
        x: "depth",
        y: "row",
        r: radius,
        fill: "var(--figure-background)",
        stroke: palette.blue,
        strokeWidth: 2,
      }),
      Plot.text(edges, { x: "depth", y: "row", text: "label", fontSize: 13 }),
      Plot.text(depths.slice(0, deepest + 1), {
        x: (_: string, index: number) => index,
        text: (heading: string) => heading,
        frameAnchor: "top",
        dy: -top + 4,
        fontWeight: 600,
      }),
    ],
  });
}
