import type { Seconds } from "../../units/mod.ts";
import type { StepLoad } from "../cost/step_load.ts";
import { phases, type Server } from "./server.ts";

/**
 * For how many steps can the same requests decode? Until one is complete, pauses or fills its window, until room ends, or
 * until the policy wants to be asked.
 */
export function mostSteps(server: Server, { windows }: StepLoad, limit: number): number {
  const { requests: { outputTokens, pauseAfter }, memory: { blockTokens, free } } = server;
  let most = limit, decodes = 0;
  for (let index = 0; index < server.runningCount; index++) {
    const request = server.running[index]!;
    const phase = server.phase[request]!;
    if (phase !== phases.decoding) continue;
    const cached = server.cached[request]!;
    const generated = server.generated[request]!;
    most = Math.min(most, outputTokens[request]! - generated);
    const pause = pauseAfter ? pauseAfter[request]! : 0;
    if (pause > generated) most = Math.min(most, pause - generated);
    decodes++;
    for (const window of windows) if (cached < window - 1) most = Math.min(most, window - cached);
  }
  if (decodes * Math.ceil(most / blockTokens) <= free) return most;
  while (most > 1 && blocksFor(server, most) > free) most = Math.ceil(most / 2);
  return most;
}

/** Blocks that all decoding requests lack for so many steps. */
function blocksFor(server: Server, steps: number): number {
  let blocks = 0;
  for (let index = 0; index < server.runningCount; index++) {
    const request = server.running[index]!;
    if (server.phase[request] !== phases.decoding) continue;
    blocks += Math.max(0, server.moreBlocks(request, server.cached[request]! + steps));
  }
  return blocks;
}

/** Takes the blocks that all decoding requests need for so many steps. */
export function holdBlocks(server: Server, steps: number): void {
  for (let index = 0; index < server.runningCount; index++) {
    const request = server.running[index]!;
    if (server.phase[request] !== phases.decoding) continue;
    server.hold(request, server.cached[request]! + steps);
  }
}

/** After how many steps has a gap passed, when the first takes `seconds` and each more takes `slope` longer? At least 1. */
export function stepsUntil(gap: Seconds, seconds: Seconds, slope: number): number {
  if (gap === Infinity) return Infinity;
  if (gap <= seconds) return 1;
  if (slope <= 0) return Math.max(1, Math.ceil(gap / seconds));
  const half = seconds - slope / 2;
  let steps = Math.max(1, Math.ceil((Math.sqrt(half * half + 2 * slope * gap) - half) / slope));
  const passed = (count: number) => count * seconds + slope * count * (count - 1) / 2;
  while (steps > 1 && passed(steps - 1) >= gap) steps--;
  while (passed(steps) < gap) steps++;
  return steps;
}
