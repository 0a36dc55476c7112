import * as Plot from "@observablehq/plot";
import type { PimLevel } from "../catalog/mod.ts";
import { drawFigure, type Figure, palette } from "./figure.ts";

/** Where arithmetic sits: beside the processor, or anywhere in the memory. */
export type ArithmeticPlace = "processor" | PimLevel;

/** Banks of each group, and groups: a channel of an ordinary memory. */
const [inGroup, groups] = [4, 4];
const banks = inGroup * groups;

/** How many banks give at once, and how many units take it. */
const layouts: Readonly<Record<ArithmeticPlace, { reading: number; units: number }>> = {
  "processor": { reading: 1, units: 1 },
  "buffer": { reading: 1, units: 1 },
  "logic die": { reading: groups, units: 1 },
  "bank group": { reading: groups, units: groups },
  "bank pair": { reading: banks / 2, units: banks / 2 },
  "bank": { reading: banks, units: banks },
};

/** Pixels: banks stand in groups above their wires, the processor below the pins. */
const size = { left: 118, bank: 30, gap: 6, between: 24 };
const lines = { top: 14, bank: 50, unit: 72, group: 112, die: 164, pins: 196, processor: 240 };
const center = (bank: number) =>
  size.left + size.bank / 2 + bank * (size.bank + size.gap) +
  Math.floor(bank / inGroup) * (size.between - size.gap);
const middle = (from: number, to: number) => (center(from) + center(to)) / 2;
const whole = middle(0, banks - 1);

interface Wire {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * How far does a byte go before it is multiplied, and how many banks give one at the same time? A channel of a memory:
 * banks, the wires of their groups, the logic die, the pins, and the processor behind them.
 *
 * Banks that give at once, and the wires that their bytes take, have a color; so have the units that multiply.
 *
 * @param place Where the arithmetic is. On a "logic die" more vias let a bank of each group give at once; a "buffer"
 * has the ordinary ones.
 * @param title A sentence above the picture, such as what that makes a second.
 * @throws {RangeError} for an unknown place.
 * @example
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { banksFigure } from "@fewer-bytes/figures";
 *
 * const { svg } = banksFigure("Units beside each bank.", "bank", "16 banks at once");
 * assertStringIncludes(svg, "16 banks at once");
 * ```
 */
export function banksFigure(description: string, place: ArithmeticPlace, title: string): Figure {
  const layout = layouts[place];
  if (!layout) {
    throw new RangeError(
      `Cannot draw banks as the place must be one of ${
        Object.keys(layouts).join(", ")
      }: current value is ${JSON.stringify(place)}`,
    );
  }
  const each = banks / layout.reading;
  const all = Array.from({ length: banks }, (_, bank) => ({
    bank,
    x: center(bank),
    reads: bank % each === 0,
  }));
  const reading = all.filter(({ reads }) => reads);
  const units = unitsAt(place, layout.units);
  const mark = (fill: string, extra: Plot.RectOptions = {}): Plot.RectOptions => ({
    x1: "x1",
    x2: "x2",
    y1: "y1",
    y2: "y2",
    fill,
    rx: 3,
    ...extra,
  });
  const box = (x: number, y: number, width: number, height: number) => ({
    x1: x - width / 2,
    x2: x + width / 2,
    y1: y - height / 2,
    y2: y + height / 2,
  });
  const bankBox = ({ x }: { x: number }) =>
    box(x, (lines.top + lines.bank) / 2, size.bank, lines.bank - lines.top);
  const wire = (stroke: string, strokeWidth: number) => ({
    x1: "x1",
    x2: "x2",
    y1: "y1",
    y2: "y2",
    stroke,
    strokeWidth,
    strokeLinecap: "round" as const,
  });
  const names = [
    { name: "banks", y: (lines.top + lines.bank) / 2 },
    { name: "bank groups", y: lines.group },
    { name: "logic die", y: lines.die },
    { name: "pins", y: lines.pins },
    { name: "processor", y: lines.processor },
  ];
  const outline = { stroke: "var(--figure-muted)", fillOpacity: 0.15 };
  return drawFigure(description, {
    height: 300,
    marginTop: 34,
    marginBottom: 6,
    marginLeft: 0,
    marginRight: 0,
    x: { axis: null, domain: [0, 760] },
    y: { axis: null, domain: [0, 260], reverse: true },
    marks: [
      Plot.link(network(), wire("var(--figure-muted)", 1)),
      Plot.ruleY([lines.pins], {
        x1: size.left,
        x2: 2 * whole - size.left,
        stroke: "var(--figure-muted)",
        strokeDasharray: "3,4",
      }),
      Plot.link(wires(reading.map(({ bank }) => bank), place), wire(palette.orange, 3)),
      Plot.rect([box(whole, lines.die, 2 * (whole - size.left), 20)], mark("none", outline)),
      Plot.rect(
        [box(whole, lines.processor, 150, 26)],
        mark("var(--figure-muted)", outline),
      ),
      Plot.rect(
        all.filter(({ reads }) => !reads).map(bankBox),
        mark("var(--figure-muted)", outline),
      ),
      Plot.rect(reading.map(bankBox), mark(palette.orange)),
      Plot.rect(
        units.map(({ x, y, width, height }) => box(x, y, width, height)),
        mark(palette.green),
      ),
      Plot.text(names, {
        x: 0,
        y: "y",
        text: "name",
        dx: 6,
        textAnchor: "start",
      }),
      Plot.text([title], { frameAnchor: "top-left", dx: 6, dy: -30, fontWeight: 600 }),
      legend.map(({ text, fill, x }) => [
        Plot.dot([text], {
          frameAnchor: "top-left",
          dx: x,
          dy: -23,
          r: 6,
          symbol: "square",
          fill,
        }),
        Plot.text([text], { frameAnchor: "top-left", dx: x + 12, dy: -30, textAnchor: "start" }),
      ]),
    ],
  });
}

const legend = [
  { text: "banks that give at once", fill: palette.orange, x: 478 },
  { text: "arithmetic", fill: palette.green, x: 660 },
];

/** Every wire there is, once. */
function network(): Wire[] {
  const all = wires(Array.from({ length: banks }, (_, bank) => bank), "processor");
  return [...new Map(all.map((wire) => [Object.values(wire).join(), wire])).values()];
}

/** The way of the bytes of some banks to where they are multiplied. */
function wires(from: readonly number[], place: ArithmeticPlace): Wire[] {
  if (place === "bank" || place === "bank pair") {
    return from.map((bank) => down(center(bank), lines.bank, lines.unit));
  }
  const first = (bank: number) => bank - bank % inGroup;
  const groupAt = (bank: number) => middle(first(bank), first(bank) + inGroup - 1);
  const toGroup = from.flatMap((bank) => [
    down(center(bank), lines.bank, lines.group),
    { x1: center(bank), y1: lines.group, x2: groupAt(bank), y2: lines.group },
  ]);
  if (place === "bank group") return toGroup;
  const toDie = from.map((bank) => down(groupAt(bank), lines.group, lines.die));
  if (place === "buffer" || place === "logic die") return [...toGroup, ...toDie];
  const across = from.map((bank) => ({
    x1: groupAt(bank),
    y1: lines.die,
    x2: whole,
    y2: lines.die,
  }));
  return [...toGroup, ...toDie, ...across, down(whole, lines.die, lines.processor)];
}

function down(x: number, y1: number, y2: number): Wire {
  return { x1: x, y1, x2: x, y2 };
}

/** Where units stand, and how large they are drawn. */
function unitsAt(place: ArithmeticPlace, count: number) {
  if (place === "processor") return [{ x: whole, y: lines.processor, width: 150, height: 26 }];
  if (place === "buffer" || place === "logic die") {
    const width = place === "buffer" ? 60 : 2 * (whole - size.left);
    const x = place === "buffer" ? middle(0, inGroup - 1) : whole;
    return [{ x, y: lines.die, width, height: 20 }];
  }
  const span = banks / count;
  return Array.from({ length: count }, (_, unit) => ({
    x: middle(unit * span, (unit + 1) * span - 1),
    y: place === "bank group" ? lines.group : lines.unit,
    width: place === "bank group" ? 60 : center(unit * span + span - 1) - center(unit * span) + 22,
    height: 16,
  }));
}
