import type { Stated } from "./claim.ts";
import { ledger, type LedgerEntry, type LedgerOptions } from "./ledger.ts";
import type { Verdict } from "./verdict.ts";

/** A line of the ledger as it is shown: all text. */
export interface LedgerRow {
  readonly id: string;
  readonly chapter: string;
  readonly claim: string;
  readonly stated: string;
  readonly derived: string;
  readonly ratio: string;
  readonly verdict: Verdict;
  /** What was computed, under which assumptions and by which functions, in one paragraph. */
  readonly how: string;
}

/** The ledger as rows of text, for a table in a terminal or on a page. Takes what {@linkcode ledger} takes. */
export function ledgerRows(chapter?: string, options?: LedgerOptions): LedgerRow[] {
  return ledger(chapter, options).map((entry) => ({
    id: entry.id,
    chapter: entry.chapter,
    claim: entry.claim,
    stated: entry.stated === null ? "no figure" : quantity(entry.stated, entry.unit),
    derived: entry.derived === null ? "" : quantity(entry.derived, entry.unit),
    ratio: entry.ratio === null ? "" : figure(entry.ratio),
    verdict: entry.verdict,
    how: assumptionsOf(entry).map(sentence).concat(functionsOf(entry)).join(" "),
  }));
}

/**
 * Everything that a reader must know to judge the derived value: what was computed where the claim states no figure,
 * the bound that it must keep, what was assumed, and the condition under which the claim holds.
 */
export function assumptionsOf(entry: LedgerEntry): string[] {
  const { stated, computes, relation, unit, assumptions, condition, otherwise } = entry;
  const target = entry.threshold ?? stated;
  const needed = target !== null &&
    (computes !== undefined || relation === "at most" || relation === "at least");
  return [
    ...computes === undefined ? [] : [`computed: ${computes}`],
    ...needed ? [`the claim needs it ${relation} ${quantity(target, unit)}`] : [],
    ...assumptions,
    ...condition === undefined ? [] : [`it holds when ${condition}: ${quantity(otherwise!, unit)}`],
  ];
}

const powers: Readonly<Record<string, string>> = {
  "1e3": "thousand",
  "1e6": "million",
  "1e9": "billion",
  "1e12": "trillion",
};

/** A figure of up to four significant digits, with its unit. */
function quantity(value: Exclude<Stated, null>, unit: string): string {
  if (unit === "year") return String(value);
  return `${figure(value)} ${unit.replace(/^1e\d+/, (power) => powers[power] ?? power)}`;
}

function figure(value: Exclude<Stated, null>): string {
  if (typeof value !== "number") return value.map(figure).join(" to ");
  const rounded = Number(value.toPrecision(4));
  return Math.abs(rounded) >= 1000 ? rounded.toLocaleString("en-US") : String(rounded);
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const functionsOf = ({ by }: LedgerEntry) => by.length > 0 ? [`By ${by.join(", ")}.`] : [];
