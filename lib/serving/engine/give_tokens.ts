import type { Seconds } from "../../units/mod.ts";
import type { Plan } from "./plan.ts";
import { phases, type Server } from "./server.ts";
import type { Simulation } from "./simulation.ts";

/** Decode steps that were carried out: when the first ended, how long it took, and how much longer each next one. */
export interface Given {
  readonly firstEnd: Seconds;
  readonly seconds: Seconds;
  readonly slope: Seconds;
  readonly steps: number;
}

/** Gives every decoding request its tokens; who is complete leaves. */
export function giveTokens(
  simulation: Simulation,
  { firstEnd, seconds, slope, steps }: Given,
): void {
  const { server, recorder, policy } = simulation;
  const { outputTokens, pauseAfter } = server.requests;
  let kept = 0, decoding = 0, computed = 0;
  const count = server.runningCount;
  for (let index = 0; index < count; index++) {
    const request = server.running[index]!;
    const phase = server.phase[request]!;
    if (phase === phases.decoding || phase === phases.held) computed++;
    if (phase === phases.decoding) {
      decoding++;
      recorder.gaps.add(firstEnd - recorder.last[request]!);
      recorder.last[request] = server.now;
      server.cached[request]! += steps;
      const generated = server.generated[request]! += steps;
      if (generated === outputTokens[request]) {
        if (policy.holdsFinished) hold(server, request);
        else {
          finish(simulation, request);
          continue;
        }
      } else if (pauseAfter && pauseAfter[request] === generated) {
        pause(simulation, request);
        continue;
      }
    }
    server.running[kept++] = request;
  }
  server.runningCount = kept;
  recorder.places += computed * steps;
  recorder.outputTokens += decoding * steps;
  recorder.gaps.addLine(
    seconds + slope,
    seconds + slope * (steps - 1),
    steps - 1,
    decoding,
  );
}

/** Moves prompts on; those that are complete give their first token. */
export function movePrompts(simulation: Simulation, plan: Plan): void {
  const { server, recorder, policy } = simulation;
  const { outputTokens } = server.requests;
  for (let index = 0; index < plan.prompts.length; index++) {
    const request = plan.prompts[index]!;
    const tokens = plan.tokens[index]!;
    if (plan.enters) recorder.promptTokens += tokens;
    if (!plan.leaves) continue;
    server.cached[request]! += tokens;
    const missing = server.missing(request);
    if (missing < 0) {
      throw new RangeError(
        `Cannot carry out the plan of ${policy.name} as it must compute a prompt once: request ${request} is in it twice`,
      );
    }
    if (missing > 0) continue;
    server.publishPrefix(request);
    recorder.places++;
    recorder.outputTokens++;
    const first = server.generated[request]!++ === 0;
    if (first) recorder.first[request] = server.now;
    else recorder.gaps.add(server.now - recorder.last[request]!);
    recorder.last[request] = server.now;
    server.phase[request] = phases.decoding;
    server.tell(first ? "first token" : "caught up", request);
    if (server.generated[request] === outputTokens[request]) {
      if (policy.holdsFinished) hold(server, request);
      else {
        server.removeRunning(request);
        finish(simulation, request);
      }
    } else if (server.requests.pauseAfter?.[request] === server.generated[request]) {
      server.removeRunning(request);
      pause(simulation, request);
    }
  }
}

/** Who is complete before its batch keeps its place. */
function hold(server: Server, request: number): void {
  server.phase[request] = phases.held;
  server.tell("held", request);
}

function finish(simulation: Simulation, request: number): void {
  const { server, recorder } = simulation;
  server.release(request);
  server.phase[request] = phases.done;
  recorder.finished[request] = server.now;
  simulation.finished++;
  server.tell("finished", request);
}

/** A static batch leaves together. */
export function releaseHeld(simulation: Simulation): void {
  const { server } = simulation;
  for (let index = 0; index < server.runningCount; index++) {
    if (server.phase[server.running[index]!] !== phases.held) return;
  }
  for (let index = 0; index < server.runningCount; index++) {
    finish(simulation, server.running[index]!);
  }
  server.runningCount = 0;
}

/** A request waits for a tool; what becomes of its cache is the policy's choice. */
function pause(simulation: Simulation, request: number): void {
  const { server, policy: { pause = "keep" } } = simulation;
  const action = typeof pause === "string" ? pause : pause(server, request);
  server.phase[request] = phases.paused;
  server.alarms.add(server.now + server.requests.pauseSeconds![request]!, request);
  server.tell("paused", request);
  if (action === "keep") return;
  if (action === "swap") {
    server.move(request, "swapped out");
    server.onHost[request] = 1;
  } else server.cached[request] = 0;
  server.release(request);
}
