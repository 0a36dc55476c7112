import * as Plot from "@observablehq/plot";
import type { Hardware, NumberFormat } from "../catalog/mod.ts";
import { attainableRate, peakRate, ridgePoint } from "../roofline/mod.ts";
import { type FlopPerByte, formatQuantity } from "../units/mod.ts";
import { axisOptions } from "./axis.ts";
import { drawFigure, type Figure, halo, palette } from "./figure.ts";

/** A piece of work, placed on the roof by its intensity. */
export interface RooflinePoint {
  readonly name: string;
  readonly intensity: FlopPerByte;
}

const colors = [palette.blue, palette.orange, palette.green, palette.purple];

/**
 * The roofline: what a device reaches, against the operations that follow each byte. The slope is memory, the flat part
 * arithmetic, and the corner between them the ridge.
 *
 * @param formats One roof for each format. Points are placed on the roof of the first.
 * @throws {RangeError} without a format.
 */
export function rooflineFigure(
  hardware: Hardware,
  formats: readonly NumberFormat[],
  points: readonly RooflinePoint[] = [],
): Figure {
  const [first] = formats;
  if (!first) {
    throw new RangeError(
      "Cannot draw a roofline as it must have at least one format: current length is 0",
    );
  }
  const roofs = formats.map((format, index) => ({
    format,
    color: colors[index % colors.length]!,
    ridge: ridgePoint(hardware, format),
    rate: peakRate(hardware, format),
  }));
  const placed = points.map((point) => ({
    ...point,
    rate: attainableRate(hardware, point.intensity, first),
  }));
  const intensities = [
    ...roofs.map(({ ridge }) => ridge),
    ...placed.map(({ intensity }) => intensity),
  ];
  const left = 10 ** Math.floor(Math.log10(Math.min(0.5, ...intensities)));
  const right = 10 ** Math.ceil(Math.log10(2 * Math.max(...intensities)));
  const bottom = attainableRate(hardware, left, first) / 1.5;
  const highest = roofs.reduce((best, roof) => (roof.rate > best.rate ? roof : best));
  const slope = [left, highest.ridge].map((intensity) => ({
    intensity,
    rate: attainableRate(hardware, intensity, highest.format),
  }));
  const description = `Roofline of ${hardware.name}. ` +
    roofs.map(({ format, ridge, rate }) =>
      `In ${format} the ridge is at ${formatQuantity(ridge, "FLOP/B")} and the peak ${
        formatQuantity(rate, "FLOP/s")
      }.`
    ).join(" ") +
    ` Below the ridge, memory at ${
      formatQuantity(hardware.memory[0].bandwidth, "B/s")
    } is the limit.` +
    placed.map(({ name, intensity, rate }) =>
      ` ${name}: ${formatQuantity(intensity, "FLOP/B")}, at most ${formatQuantity(rate, "FLOP/s")}.`
    ).join("");
  const onTheRight = ({ intensity }: RooflinePoint) =>
    Math.log(intensity / left) > 0.6 * Math.log(right / left);
  const pointLabels = (right: boolean) =>
    Plot.text(placed.filter((point) => onTheRight(point) === right), {
      x: "intensity",
      y: "rate",
      text: "name",
      dx: right ? -9 : 10,
      dy: right ? 15 : 12,
      textAnchor: right ? "end" : "start",
      fontWeight: 600,
      ...halo,
    });
  return drawFigure(description, {
    marginRight: 128,
    marginLeft: 90,
    x: axisOptions({
      label: "Arithmetic intensity: operations for each byte moved →",
      scale: "log",
      domain: [left, right],
    }, []),
    y: axisOptions({
      label: "↑ Attainable operations per second",
      unit: "FLOP/s",
      scale: "log",
      domain: [bottom, highest.rate * 2.5],
    }, []),
    marks: [
      Plot.line(slope, { x: "intensity", y: "rate", stroke: palette.gray, strokeWidth: 3 }),
      roofs.map((roof) =>
        Plot.line([roof.ridge, right].map((intensity) => ({ intensity })), {
          x: "intensity",
          y: () => roof.rate,
          stroke: roof.color,
          strokeWidth: 3,
        })
      ),
      Plot.ruleX(placed, {
        x: "intensity",
        y1: bottom,
        y2: "rate",
        stroke: "var(--figure-muted)",
        strokeDasharray: "2,3",
      }),
      Plot.dot(roofs, {
        x: "ridge",
        y: "rate",
        fill: "var(--figure-background)",
        stroke: "color",
        strokeWidth: 2.5,
        r: 4.5,
      }),
      Plot.text(roofs, {
        x: "ridge",
        y: "rate",
        text: ({ ridge }: { ridge: number }) => `ridge ${formatQuantity(ridge, "")}`,
        dx: -10,
        dy: -4,
        textAnchor: "end",
      }),
      Plot.text(roofs, {
        x: right,
        y: "rate",
        text: ({ format, rate }: { format: string; rate: number }) =>
          `${format}  ${formatQuantity(rate, "FLOP/s")}`,
        dx: 8,
        textAnchor: "start",
        fontWeight: 600,
      }),
      Plot.dot(placed, { x: "intensity", y: "rate", fill: palette.pink, r: 5.5 }),
      pointLabels(false),
      pointLabels(true),
    ],
  });
}
