import {
  findHardware,
  findModel,
  findPim,
  type Hardware,
  hardwareCatalog,
  type Model,
  type PimDevice,
} from "../catalog/mod.ts";
import { once } from "../units/mod.ts";
import { findClaim, type Stated } from "./claim.ts";
import { type Relation, usualRelation } from "./verdict.ts";

/** Where derivations take their facts from. A test hands in a changed one, to see the derived values move. */
export interface Catalog {
  readonly hardware: (id: string) => Hardware;
  readonly model: (name: string) => Model;
  readonly pim: (id: string) => PimDevice;
  readonly everyHardware: readonly Hardware[];
}

/** The facts of data/. */
export const courseCatalog: Catalog = {
  hardware: findHardware,
  model: findModel,
  pim: findPim,
  everyHardware: hardwareCatalog,
};

/** Any function or class of the library. It is passed as itself, so that its name cannot go stale. */
export type LibraryFunction =
  | ((...values: never[]) => unknown)
  | (abstract new (...values: never[]) => unknown);

/** What to compute for a claim that states no number. */
export interface Proxy {
  /** What the derived value is, in words. */
  readonly computes: string;
  readonly unit: string;
  /** What it is held against. */
  readonly threshold: Exclude<Stated, null>;
}

/** How a claim is derived from catalog and library. */
export interface Derivation {
  /** The id of the claim. */
  readonly claim: string;
  /** What is taken as given, where the claim leaves it open. */
  readonly assumptions: readonly string[];
  /** The library's functions that compute the value. */
  readonly by: readonly LibraryFunction[];
  /** The value in the unit of the claim, or of the proxy. */
  readonly derived: (catalog: Catalog) => number;
  /** Default: "about" for a number, "within" for a pair. */
  readonly relation: Relation;
  /** A condition that the claim does not state, and the value under it. */
  readonly otherwise?: {
    readonly condition: string;
    readonly derived: (catalog: Catalog) => number;
  };
  /** Given when, and only when, the claim states no number. */
  readonly proxy?: Proxy;
}

/**
 * A text, or the function that writes it when it is first read. Texts that say computed numbers are functions, so that
 * the library loads without a single simulation.
 */
export type Written<Text> = Text | (() => Text);

/** What {@linkcode derive} takes: a derivation whose texts need not be written yet. */
export interface HowToDerive extends Pick<Derivation, "by" | "derived" | "proxy"> {
  readonly assumptions: Written<readonly string[]>;
  readonly relation?: Relation;
  readonly otherwise?: {
    readonly condition: Written<string>;
    readonly derived: Derivation["derived"];
  };
}

/**
 * Ties a claim to the function that derives its value.
 *
 * @throws {RangeError} for an unknown claim.
 * @throws {TypeError} when a claim without a number has no proxy, or one with a number has one; when no function is
 *   named or no assumption; when the relation does not fit what is stated.
 */
export function derive(claim: string, how: HowToDerive): Derivation {
  const { stated } = findClaim(claim);
  const { assumptions, by, derived, otherwise, proxy } = how;
  const action = `Cannot derive ${claim}`;
  if ((stated === null) !== (proxy !== undefined)) {
    throw new TypeError(
      `${action} as a proxy must be given exactly when nothing is stated: it states ${stated}`,
    );
  }
  if (by.length === 0 || by.some(({ name }) => !name)) {
    throw new TypeError(`${action} as it must name functions of the library`);
  }
  if (typeof assumptions !== "function" && assumptions.length === 0) {
    throw new TypeError(`${action} as it must state its assumptions`);
  }
  const target = proxy?.threshold ?? stated;
  const relation = how.relation ?? usualRelation(target);
  if ((relation === "within") !== Array.isArray(target)) {
    throw new TypeError(
      `${action} as "${relation}" does not fit what is stated: ${JSON.stringify(target)}`,
    );
  }
  const assumed = written(assumptions);
  return {
    claim,
    by,
    derived,
    relation,
    get assumptions() {
      return assumed();
    },
    ...(proxy && { proxy }),
    ...(otherwise && { otherwise: conditional(otherwise) }),
  };
}

function written<Text extends string | readonly string[]>(text: Written<Text>): () => Text {
  return once(() => typeof text === "function" ? text() : text);
}

function conditional(
  { condition, derived }: NonNullable<HowToDerive["otherwise"]>,
): NonNullable<Derivation["otherwise"]> {
  const words = written(condition);
  return {
    derived,
    get condition() {
      return words();
    },
  };
}

/** A claim of which nothing can be derived: it is a choice, a definition or a report. */
export interface Citation {
  readonly claim: string;
  readonly reason: string;
}

/**
 * Says why a claim is only cited.
 *
 * @throws {RangeError} for an unknown claim.
 */
export function cite(claim: string, reason: Written<string>): Citation {
  const words = written(reason);
  return {
    claim: findClaim(claim).id,
    get reason() {
      return words();
    },
  };
}
