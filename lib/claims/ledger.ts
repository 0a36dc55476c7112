import { type Claim, claims, type Stated } from "./claim.ts";
import { type Catalog, courseCatalog, type Derivation } from "./derivation.ts";
import { citations, derivations } from "./derivations.ts";
import { chapterOf, findSystem } from "./system.ts";
import { ratioOf, type Relation, type Verdict, verdictOf } from "./verdict.ts";

/** One line of the ledger: what is claimed, what follows from catalog and library, and how the two compare. */
export interface LedgerEntry {
  readonly id: string;
  /** The number of the chapter, or "out-of-scope". */
  readonly chapter: string;
  /** The number of the source document. */
  readonly document: string;
  readonly claim: string;
  readonly stated: Stated;
  /** Computed at this call; null when nothing is derived. */
  readonly derived: number | null;
  /** Of the stated and the derived value. Where nothing is stated, of the derived one. */
  readonly unit: string;
  /** Derived over stated; of a pair, over its nearer end, and 1 inside. null where nothing is stated or derived. */
  readonly ratio: number | null;
  readonly verdict: Verdict;
  readonly assumptions: readonly string[];
  /** Names of the library's functions that computed it. */
  readonly by: readonly string[];
  /** How the derived value must stand to the stated one, or to the threshold. */
  readonly relation?: Relation;
  /** Where nothing is stated: what was computed, and what it is held against. */
  readonly computes?: string;
  readonly threshold?: Exclude<Stated, null>;
  /** A condition that the claim does not state, and the value under it; only when the claim holds there and only there. */
  readonly condition?: string;
  readonly otherwise?: number;
}

/** What to list, and from which facts. */
export interface LedgerOptions {
  /** Also list claims that nothing is derived for yet. Default false. */
  readonly all?: boolean;
  /** Default: the catalog of the course. */
  readonly catalog?: Catalog;
}

const derivationOf = new Map(derivations.map((derivation) => [derivation.claim, derivation]));
const citationOf = new Map(citations.map((citation) => [citation.claim, citation]));

/**
 * Do the claims of the source documents hold?
 *
 * Every claim that the library can derive is derived now, from catalog and library, and judged by rule. No result is
 * kept from an earlier run and none is typed in.
 *
 * @param chapter The number of a chapter, such as "01"; left out, all chapters.
 * @throws {RangeError} for a chapter that no claim belongs to.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ledger } from "@fewer-bytes/claims";
 *
 * const ridge = ledger("01").find(({ id }) => id === "c-ridge-562")!;
 * assertEquals([ridge.stated, ridge.derived, ridge.verdict], [562, 562.5, "reproduced"]);
 * ```
 */
export function ledger(chapter?: string, options: LedgerOptions = {}): LedgerEntry[] {
  const { all = false, catalog = courseCatalog } = options;
  if (chapter !== undefined && !ledgerChapters.includes(chapter)) {
    throw new RangeError(
      `Cannot list the claims of chapter ${JSON.stringify(chapter)}: the chapters are ${
        ledgerChapters.join(", ")
      }`,
    );
  }
  return claims
    .map((claim) => ({ claim, chapter: chapterOfClaim(claim) }))
    .filter((one) => chapter === undefined || one.chapter === chapter)
    .filter(({ claim: { id } }) => all || derivationOf.has(id) || citationOf.has(id))
    .toSorted((a, b) => a.chapter < b.chapter ? -1 : a.chapter > b.chapter ? 1 : 0)
    .map(({ claim, chapter }) => entryOf(claim, chapter, catalog));
}

const chapterOfClaim = ({ system }: Claim) => chapterOf(findSystem(system));

/** The chapters that claims belong to, in order. */
export const ledgerChapters: readonly string[] = [...new Set(claims.map(chapterOfClaim))]
  .toSorted();

function entryOf(claim: Claim, chapter: string, catalog: Catalog): LedgerEntry {
  const { id, document, stated, unit } = claim;
  const common = { id, chapter, document, claim: claim.claim, stated, unit };
  const derivation = derivationOf.get(id);
  if (derivation) return { ...common, ...judgedOnce(claim, derivation, catalog) };
  const citation = citationOf.get(id);
  const none = { derived: null, ratio: null, by: [] };
  return citation
    ? { ...common, ...none, verdict: "cited only", assumptions: [citation.reason] }
    : { ...common, ...none, verdict: "not derived yet", assumptions: [] };
}

/** Judgements of this process: some derivations simulate, and the same catalog gives the same result. */
const judgements = new WeakMap<Catalog, Map<string, ReturnType<typeof judged>>>();

function judgedOnce(claim: Claim, derivation: Derivation, catalog: Catalog) {
  const known = judgements.getOrInsertComputed(catalog, () => new Map());
  return known.getOrInsertComputed(claim.id, () => judged(claim, derivation, catalog));
}

function judged(claim: Claim, derivation: Derivation, catalog: Catalog) {
  const { proxy, relation, assumptions } = derivation;
  const target = proxy?.threshold ?? claim.stated!; // derive() sees to it that one of them is there
  const value = (compute: Derivation["derived"]) => {
    const result = compute(catalog);
    if (!Number.isFinite(result)) {
      throw new RangeError(`Cannot judge ${claim.id} as its derived value is ${result}`);
    }
    return result;
  };
  const derived = value(derivation.derived);
  const otherwise = derivation.otherwise && value(derivation.otherwise.derived);
  const verdict = verdictOf(target, relation, derived, otherwise);
  return {
    derived,
    ratio: ratioOf(derived, claim.stated),
    verdict,
    assumptions,
    by: derivation.by.map(({ name }) => name),
    relation,
    ...(proxy && { computes: proxy.computes, threshold: proxy.threshold, unit: proxy.unit }),
    ...(verdict === "holds under other conditions" &&
      { condition: derivation.otherwise!.condition, otherwise: otherwise! }),
  };
}
