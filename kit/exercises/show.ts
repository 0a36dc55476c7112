/**
 * Writes a value for a message, on one line: `9.89e+14`, `[1, 2, 3, … 8 in all]`, `{ bits: 4 }`.
 *
 * @param digits How many digits of a number are shown; all of them when left out.
 */
export function show(value: unknown, digits?: number): string {
  if (typeof value === "number") return showNumber(value, digits);
  if (typeof value === "string") {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined) return "nothing";
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}`;
  if (typeof value !== "object" || value === null) return String(value);
  const part = (item: unknown) => show(item, digits ?? 6);
  if (isList(value)) {
    const kind = Array.isArray(value)
      ? ""
      : `${(value as { constructor: { name: string } }).constructor.name} `;
    const some = Array.from(value.slice(0, 6), part);
    return `${kind}[${
      [...some, ...value.length > 6 ? [`… ${value.length} in all`] : []].join(", ")
    }]`;
  }
  const entries = Object.entries(value);
  const some = entries.slice(0, 6).map(([key, item]) => `${key}: ${part(item)}`);
  return `{ ${[...some, ...entries.length > 6 ? ["…"] : []].join(", ")} }`;
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function showNumber(value: number, digits?: number): string {
  const rounded = digits === undefined || !Number.isFinite(value)
    ? value
    : Number(value.toPrecision(digits));
  const exponential = rounded.toExponential();
  const plain = String(rounded);
  return Number.isFinite(rounded) && exponential.length < plain.length ? exponential : plain;
}
