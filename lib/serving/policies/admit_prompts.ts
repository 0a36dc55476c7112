import { requireInteger, type Tokens } from "../../units/mod.ts";
import type { Plan } from "../engine/plan.ts";
import { phases, type Server } from "../engine/server.ts";

/** Limits that all batching policies have. */
export interface BatchLimits {
  /** Requests that run at once. Default 256. */
  readonly batch?: number;
  /** Tokens of prompts in one step; a longer prompt gets a step of its own. Default 8192. */
  readonly promptTokens?: Tokens;
  /**
   * Room that is taken when a request comes in: for its "prompt" alone (paging), for its whole "answer" as if its length
   * were known, or for so many tokens whatever comes (reservation of the longest).
   */
  readonly reserve?: "prompt" | "answer" | Tokens;
  /** Blocks that admission leaves free for those who run. Default 1 % of the memory when room is not reserved. */
  readonly spareBlocks?: number;
}

/** Limits with their defaults, checked. */
export function completeLimits(
  limits: BatchLimits,
): Required<Omit<BatchLimits, "spareBlocks">> & Pick<BatchLimits, "spareBlocks"> {
  const { batch = 256, promptTokens = 8192, reserve = "prompt", spareBlocks } = limits;
  requireInteger(batch, 1, "batch requests", "the batch");
  requireInteger(promptTokens, 1, "batch requests", "promptTokens");
  if (typeof reserve === "number") requireInteger(reserve, 1, "batch requests", "reserve");
  if (spareBlocks !== undefined) requireInteger(spareBlocks, 0, "batch requests", "spareBlocks");
  return { batch, promptTokens, reserve, ...(spareBlocks !== undefined && { spareBlocks }) };
}

/** Lets in the request at a place of the queue, with the room that the limits ask for; −1 when there is none. */
export function admitWithin(
  server: Server,
  { reserve, spareBlocks }: ReturnType<typeof completeLimits>,
  place = 0,
): number {
  const request = server.waiting.at(place);
  const { promptTokens, outputTokens } = server.requests;
  const answer = promptTokens[request]! + outputTokens[request]! - 1;
  const wanted = reserve === "prompt"
    ? 0
    : reserve === "answer"
    ? answer
    : Math.max(answer, reserve);
  const spare = spareBlocks ?? (reserve === "prompt" ? Math.ceil(server.memory.total / 100) : 0);
  return server.admit(place, wanted, spare);
}

/**
 * Lets in waiting requests, in their order, while there is room, and computes their whole prompts in this step.
 *
 * @param pick The place in the queue of the next one. Default: the front.
 */
export function admitPrompts(
  server: Server,
  plan: Plan,
  limits: ReturnType<typeof completeLimits>,
  pick: (server: Server) => number = () => 0,
): void {
  let tokens = 0;
  while (server.waiting.length > 0 && server.runningCount < limits.batch) {
    const place = pick(server);
    const missing = server.missing(server.waiting.at(place));
    if (tokens > 0 && tokens + missing > limits.promptTokens) return;
    const request = admitWithin(server, limits, place);
    if (request < 0) return;
    if (server.phase[request] !== phases.prefilling) continue;
    const found = server.missing(request); // less than before when its beginning was there
    plan.prefill(request, found);
    tokens += found;
  }
}
