/** Decoding more than one token a step: drafts that a larger model verifies. */
export * from "./coupling/acceptance.ts";
export * from "./coupling/candidates.ts";
export * from "./coupling/chi_square.ts";
export * from "./coupling/couple.ts";
export { draw, type Law } from "./coupling/distribution.ts";
export * from "./coupling/output_law.ts";
export * from "./coupling/round_paths.ts";
export * from "./coupling/sequence_law.ts";
export * from "./length/best_tree.ts";
export * from "./length/blockwise.ts";
export {
  chain,
  type DraftTree,
  expectedTreeTokens,
  type RankAcceptance,
  treeDepth,
  treeSize,
} from "./length/draft_tree.ts";
export {
  expectedTokens,
  expectedTokensFormula,
  type TokensPerRound,
  tokensPerRound,
  tokensVariance,
} from "./length/expected_tokens.ts";
export * from "./length/hierarchy.ts";
export * from "./length/speedup.ts";
export * from "./run/agreement.ts";
export { type Draft, type Drafter, modelDrafter, type ModelDrafterOptions } from "./run/drafter.ts";
export * from "./run/lookup_drafter.ts";
export * from "./run/measure_ranks.ts";
export * from "./run/measure_rounds.ts";
export * from "./run/self_drafter.ts";
export * from "./run/speculate.ts";
export * from "./time/best_round.ts";
export * from "./time/offloaded_step.ts";
export * from "./time/self_speculation.ts";
export * from "./time/speculative_round.ts";
export * from "./time/verification.ts";
