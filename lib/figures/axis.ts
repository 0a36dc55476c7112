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
}

/** Plot's options for an axis. A logarithmic one has a mark at each power of ten. */
export function axisOptions({ label, unit = "", scale = "linear", domain, ticks }: Axis, values: readonly number[]) {
  const tickFormat = (value: number) => unit === "" ? plain(value) : formatQuantity(value, unit);
  const finite = values.filter((value) => Number.isFinite(value) && (scale === "linear" || value > 0));
  const extent = domain ?? [Math.min(...finite), Math.max(...finite)] as const;
  if (scale === "linear") {
    return {
      label,
      grid: true,
      tickFormat,
      ...(domain ? { domain: [...domain] } : {}),
      ...(ticks ? { ticks: [...ticks] } : {}),
    };
  }
  const powers: number[] = [];
  for (let power = Math.ceil(Math.log10(extent[0]) - 1e-9); power <= Math.log10(extent[1]) + 1e-9; power++) {
    powers.push(10 ** power);
  }
  return {
    type: "log" as const,
    domain: [...extent],
    label,
    grid: true,
    ticks: ticks ? [...ticks] : powers,
    tickFormat,
  };
}

function plain(value: number): string {
  if (value >= 1e6) return formatQuantity(value, "").replace(/\s/g, ""); // 1M
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
}
