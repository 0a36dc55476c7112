import { requireInteger } from "../../units/mod.ts";
import { residual } from "./couple.ts";
import { type Law, requireLaws } from "./distribution.ts";

/** A language model as mathematics sees it: the law of the next token after some others. */
export type Conditional = (prefix: readonly number[]) => Law;

/** Two models, and how many tokens one drafts for the other. */
export interface DraftAndTarget {
  readonly target: Conditional;
  readonly draft: Conditional;
  readonly draftLength: number;
}

/** One way in which a round can go. */
export interface RoundPath {
  /** The drafted tokens that were accepted, and the one that the target gave. */
  readonly tokens: readonly number[];
  readonly chance: number;
}

/**
 * In which ways can a round of speculative decoding go? Tokens are drafted and accepted one after the other; the first
 * refused one is replaced and ends the round; when all are accepted the target adds one of its own.
 *
 * What would have been drafted behind a refused token plays no part, so those drafts are not told apart.
 *
 * @param prefix Tokens that the sequence has already.
 * @yields Every path that has a chance. Their chances sum to 1.
 * @throws {RangeError} for a draft length below 0, or when a model gives no law.
 */
export function* roundPaths(
  models: DraftAndTarget,
  prefix: readonly number[] = [],
): Generator<RoundPath> {
  requireInteger(models.draftLength, 0, "follow a round", "the draft length");
  yield* paths(models, prefix, [], 1);
}

function* paths(
  models: DraftAndTarget,
  prefix: readonly number[],
  accepted: readonly number[],
  chance: number,
): Generator<RoundPath> {
  const before = [...prefix, ...accepted];
  const target = models.target(before);
  if (accepted.length === models.draftLength) {
    yield* ended(target, accepted, chance);
    return;
  }
  const draft = models.draft(before);
  requireLaws(target, draft, "follow a round");
  let refused = 0;
  for (let token = 0; token < draft.length; token++) {
    const q = draft[token]!;
    if (q === 0) continue;
    const accept = Math.min(1, target[token]! / q);
    refused += q * (1 - accept);
    if (accept > 0) yield* paths(models, prefix, [...accepted, token], chance * q * accept);
  }
  if (refused > 0) yield* ended(residual(target, draft), accepted, chance * refused);
}

/** The round ends with a token of this law. */
function* ended(law: Law, accepted: readonly number[], chance: number): Generator<RoundPath> {
  for (let token = 0; token < law.length; token++) {
    if (law[token]! > 0) yield { tokens: [...accepted, token], chance: chance * law[token]! };
  }
}
