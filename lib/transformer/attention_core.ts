import { type Attention, valueFormat, widerFormat } from "../catalog/mod.ts";
import type { Tokens } from "../units/mod.ts";
import { storedBytes, writtenBytes } from "./cache_method.ts";
import type { Operator } from "./operator.ts";
import type { Shape } from "./rows.ts";
import { visibleKeys, visiblePairs } from "./visible_pairs.ts";

/** The attention itself of some equal layers, between the projections. */
export interface Core {
  readonly layers: number;
  /** What one device computes of it: its share of the heads. */
  readonly attention: Attention;
  /** Width of a query and a key, and of a value. */
  readonly scoreWidth: number;
  readonly valueWidth: number;
  /** Values that are read of each cached token, and written of each new one. */
  readonly read: number;
  readonly written: number;
}

/** What the queries of a step see of one sequence. */
export interface Seen {
  /** Pairs of a query and a key, for each query head. */
  readonly pairs: number;
  /** Different tokens that are read. */
  readonly tokens: Tokens;
}

/**
 * What do the new tokens of a step see? All before them; less with a window; what is left when a method evicts; what was
 * chosen when not all of it is read. Tokens of one step choose each for themselves, so each of them adds what it reads,
 * up to everything.
 */
export function seenBySequence(shape: Shape, attention: Attention): Seen {
  const { step: { newTokens }, reads } = shape;
  const { window, left } = inReach(shape, attention);
  const all = visibleKeys(newTokens, left, window);
  if (!reads) return { pairs: visiblePairs(newTokens, left, window), tokens: all };
  const sharers = attention.queryHeads / (attention.kind === "heads" ? attention.keyValueHeads : 1);
  let pairs = 0, tokens = 0;
  forEachQuery(shape, attention, (visible) => {
    pairs += reads.attended(visible);
    tokens += reads.together?.(visible, sharers) ?? reads.attended(visible);
  });
  return { pairs, tokens: Math.min(all, tokens) };
}

/** Scores and their weighted sum, the scores kept on the chip: each key that is seen is read once, each new one written. */
export function coreOperator(shape: Shape, core: Core): Operator {
  const { step: { batch, newTokens, context }, stored, tokens, formats } = shape;
  const { layers, attention, scoreWidth, valueWidth, read, written } = core;
  const seen = seenBySequence(shape, attention);
  const widths = attention.queryHeads * (scoreWidth + valueWidth);
  return {
    name: "attention",
    layers,
    flops: layers * 2 * widths * batch * seen.pairs,
    bytes: {
      weights: 0,
      cache: layers * batch *
        (read * storedBytes(seen.tokens, stored) +
          written * writtenBytes(newTokens, context, stored)),
      activations: layers * tokens * widths * shape.activationBytes,
    },
    transfer: 0,
    precision: widerFormat(valueFormat(formats.cache), formats.activations),
  };
}

/** What a step does besides when not all tokens are read: it chooses, and writes what later choices need. */
export function choiceOperators(shape: Shape, { layers, attention }: Core): Operator[] {
  const { step: { batch, newTokens }, stored: { writtenSize }, reads } = shape;
  if (!reads?.choice) return [];
  let flops = 0, bytes = 0;
  forEachQuery(shape, attention, (visible) => {
    const choice = reads.choice!(visible, attention, writtenSize);
    flops += choice.flops;
    bytes = choice.bytes; // what the last token looks through serves all of the step
  });
  const written = newTokens * (reads.index?.(attention, writtenSize) ?? 0);
  return [{
    name: "choice of tokens",
    layers,
    flops: layers * batch * flops,
    bytes: { weights: 0, cache: layers * batch * (bytes + written), activations: 0 },
    transfer: 0,
    precision: shape.formats.activations,
  }];
}

/** What a step does besides when something else is kept than keys and values: it makes those again. */
export function rebuildOperators(shape: Shape, { layers, attention }: Core): Operator[] {
  const kept = shape.method?.kept?.(attention, shape.model);
  if (!kept) return [];
  return [{
    name: "keys and values again",
    layers,
    flops: layers * shape.step.batch * seenBySequence(shape, attention).tokens * kept.rebuild,
    // The matrices were read for the new token's own keys and values, and what they make stays on the chip.
    bytes: { weights: 0, cache: 0, activations: 0 },
    transfer: 0,
    precision: shape.precision,
  }];
}

/** How far back a query may look, and how many earlier tokens are left when a method evicts. */
function inReach(
  { step: { newTokens, context }, stored: { budget } }: Shape,
  attention: Attention,
): { window: Tokens; left: Tokens } {
  return {
    window: attention.kind === "heads" ? attention.window ?? Infinity : Infinity,
    left: Math.min(context, Math.max(0, budget - newTokens)),
  };
}

/** Calls with what each new token sees, itself included: a whole number. */
function forEachQuery(
  shape: Shape,
  attention: Attention,
  call: (visible: Tokens) => void,
): void {
  const { window, left } = inReach(shape, attention);
  for (let token = 1; token <= shape.step.newTokens; token++) {
    call(Math.min(Math.ceil(left) + token, window));
  }
}
