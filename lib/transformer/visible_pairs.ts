import type { Tokens } from "../units/mod.ts";

/**
 * How many query-key pairs does causal attention compute for one sequence?
 *
 * The first new token sees what is cached and itself, the next one more, and so on; a window caps what each sees. Pairs
 * above the diagonal are never computed, so a prompt of n tokens costs n(n + 1)/2 pairs and not n².
 *
 * @param newTokens Tokens computed in this step.
 * @param context Tokens cached before it.
 */
export function visiblePairs(
  newTokens: Tokens,
  context: Tokens,
  window: number = Infinity,
): number {
  const growing = Math.min(newTokens, Math.max(0, window - context)); // tokens that do not fill the window yet
  const full = newTokens - growing;
  return growing * context + growing * (growing + 1) / 2 + (full > 0 ? full * window : 0);
}

/** How many different keys are read for them: all that any new token sees, each once. */
export function visibleKeys(newTokens: Tokens, context: Tokens, window: number = Infinity): number {
  return Math.min(newTokens + context, newTokens + window - 1);
}
