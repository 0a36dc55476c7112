import { formatQuantity } from "../units/mod.ts";

/** How an axis is labeled and scaled. */
export interface Axis {
  readonly label: string;
  /** Base unit of the values, written with SI prefixes at the marks; "" for plain numbers. */
  readonly unit?: string;
  readonly scale?: "linear" | "log";
  readonly domain?: readonly [number, number];
  /** Where the marks stand; chosen by the scale when absent. */
  readonly ticks?: readonly number[];
  /** How a mark is written; by its unit when absent. */
  readonly format?: (value: number) => string;
}

/** Plot's options for an axis. A logarithmic one has a mark at each power of ten, unless it is told where. */
export function axisOptions(axis: Axis, values: readonly number[]) {
  const { label, unit = "", scale = "linear", domain } = axis;
  const tickFormat = axis.format ??
    ((value: number) => unit === "" ? plain(value) : formatQuantity(value, unit));
  const ticks = axis.ticks && [...axis.ticks];
  if (scale === "linear") {
    return {
      label,
      grid: true,
      tickFormat,
      ticks: ticks ?? 6,
      ...(domain ? { domain: [...domain] } : {}),
    };
  }
  const positive = values.filter((value) => value > 0);
  const [low, high] = domain ?? [Math.min(...positive), Math.max(...positive)];
  const powers: number[] = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); power <= Math.log10(high) + 1e-9; power++) {
    powers.push(10 ** power);
  }
  // Plot writes only those marks of a logarithmic axis that suit its base.
  const base = ticks?.every((tick) => Number.isInteger(Math.log2(tick))) ? 2 : 10;
  return {
    type: "log" as const,
    base,
    domain: [low, high],
    label,
    grid: true,
    ticks: ticks ?? powers,
    tickFormat,
  };
}

function plain(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}
