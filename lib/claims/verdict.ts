import type { Stated } from "./claim.ts";

/** How a derived value must stand to the stated one: near it, a bound on it, or inside a stated range. */
export type Relation = "about" | "at most" | "at least" | "within";

/** What the ledger says of a claim. */
export type Verdict =
  | "reproduced"
  | "holds under other conditions"
  | "contradicted"
  | "cited only"
  | "not derived yet";

/**
 * How far from a stated figure may a derived one be, and still say the same? As a share of the figure.
 *
 * A figure is as precise as it is written: half a unit of its last digit that is not zero. "4500" allows 50 either way.
 * But no less than 5 %, since claims are made in round words, and no more than 10 %, since a one-digit "2" would
 * otherwise cover everything from 1.5 to 2.5.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { toleranceOf } from "@fewer-bytes/claims";
 *
 * assertEquals(toleranceOf(562), 0.05); // 0.5 / 562 is less
 * assertEquals(toleranceOf(8), 0.0625); // 0.5 / 8
 * assertEquals(toleranceOf(2), 0.1); // 0.5 / 2 is more
 * ```
 */
export function toleranceOf(stated: number): number {
  if (!Number.isFinite(stated)) {
    throw new RangeError(`Cannot compare with ${stated} as it must be a finite number`);
  }
  if (stated === 0) return 0;
  const [digits, exponent] = Math.abs(stated).toExponential().split("e") as [string, string];
  const decimals = digits.split(".")[1]?.length ?? 0;
  const halfUnit = 0.5 * 10 ** (Number(exponent) - decimals);
  return Math.min(0.1, Math.max(0.05, halfUnit / Math.abs(stated)));
}

/** The relation that a claim means when its derivation names none. */
export function usualRelation(stated: Stated): Relation {
  return Array.isArray(stated) ? "within" : "about";
}

/**
 * Does a derived value meet a stated one?
 *
 * - about: not farther than the tolerance; next to zero only zero is;
 * - at most, at least: a bound is a bound, with no tolerance but that of floating-point arithmetic;
 * - within: inside the pair, whose ends are figures with a tolerance of their own.
 *
 * @throws {TypeError} when the relation does not fit: "within" needs a pair, all others one number.
 * @throws {RangeError} when the derived value is not finite.
 */
export function meets(derived: number, relation: Relation, stated: Exclude<Stated, null>): boolean {
  if (!Number.isFinite(derived)) {
    throw new RangeError(`Cannot judge a value that is not finite: it is ${derived}`);
  }
  if (relation === "within") {
    if (typeof stated === "number") {
      throw new TypeError(`Cannot test "within" as it needs a pair: it is ${stated}`);
    }
    const [low, high] = stated;
    return derived >= low - toleranceOf(low) * Math.abs(low) &&
      derived <= high + toleranceOf(high) * Math.abs(high);
  }
  if (typeof stated !== "number") {
    throw new TypeError(`Cannot test "${relation}" as it needs one number: it is ${stated}`);
  }
  const rounding = 1e-9 * Math.abs(stated);
  if (relation === "at most") return derived <= stated + rounding;
  if (relation === "at least") return derived >= stated - rounding;
  return Math.abs(derived - stated) <= toleranceOf(stated) * Math.abs(stated) + rounding;
}

/**
 * Which verdict follows? Reproduced when the value derived from the claim's own words meets it; holding under other
 * conditions when only the value under a condition that the claim does not state does; else contradicted.
 */
export function verdictOf(
  stated: Exclude<Stated, null>,
  relation: Relation,
  derived: number,
  otherwise?: number,
): Verdict {
  if (meets(derived, relation, stated)) return "reproduced";
  if (otherwise !== undefined && meets(otherwise, relation, stated)) {
    return "holds under other conditions";
  }
  return "contradicted";
}

/**
 * Derived over stated. Of a pair, the nearer end counts, and inside it is 1.
 *
 * @returns null when nothing is stated, or when the stated value is 0.
 */
export function ratioOf(derived: number | null, stated: Stated): number | null {
  if (derived === null || stated === null) return null;
  if (typeof stated === "number") return stated === 0 ? null : derived / stated;
  const [low, high] = stated;
  if (derived >= low && derived <= high) return 1;
  return ratioOf(derived, derived < low ? low : high);
}
