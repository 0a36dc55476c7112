import type { Deployment } from "../../roofline/mod.ts";
import { cacheBytesPerToken } from "../../transformer/mod.ts";
import type { Seconds, Tokens } from "../../units/mod.ts";
import { StepCost, StepTotals } from "../cost/step_cost.ts";
import type { StepLoad } from "../cost/step_load.ts";
import type { Policy } from "../policies/policy.ts";
import { checkRequests, type Requests } from "../workload/requests.ts";
import type { ServingEvent } from "./events.ts";
import { giveTokens, movePrompts, releaseHeld } from "./give_tokens.ts";
import { holdBlocks, mostSteps, stepsUntil } from "./jump.ts";
import { blockCount, type BlockMemory, CountedBlocks } from "./memory.ts";
import { Plan } from "./plan.ts";
import { Recorder } from "./recorder.ts";
import { phases, Server, swapAt, type SwapTime } from "./server.ts";

/** A server and its traffic. */
export interface ServingSetup {
  /** Model, hardware and formats, or their compiled step times when several simulations share them. */
  readonly deployment: Deployment | StepCost;
  readonly requests: Requests;
  readonly policy: Policy;
  /** Room for the cache. Default: what the deployment leaves beside the weights, in blocks of 16 tokens. */
  readonly memory?: BlockMemory;
  /** Time to move a cache to the host or back. Default: 64 GB/s, one direction of PCIe 5.0 x16, nothing else. */
  readonly swapTime?: SwapTime;
  /** Whether prompts with the same beginning share its cache. Default: when the requests name beginnings. */
  readonly sharesPrefixes?: boolean;
  /** Called with everything that happens. */
  readonly observe?: (event: ServingEvent) => void;
  /** False computes each step by itself instead of jumping over equal ones: slower, and the same. Default true. */
  readonly jumps?: boolean;
}

/**
 * Time passes from step to step. Between two moments when something arrives, ends or runs out of room, decode steps
 * differ only in the keys that they read, and their time grows on a line; so they are taken in one jump, whose sum is a
 * closed form.
 */
export class Simulation {
  readonly cost: StepCost;
  readonly server: Server;
  readonly recorder: Recorder;
  readonly policy: Policy;
  /** Requests that are complete. */
  finished = 0;
  /** Requests that were in the system when the last one arrived. */
  backlog = 0;
  private readonly load: StepLoad;
  private readonly plan = new Plan();
  private readonly jumps: boolean;
  private readonly totals = [new StepTotals(), new StepTotals(), new StepTotals()] as const;
  /** Steps since the last one that gave a token. */
  private fruitless = 0;

  constructor(setup: ServingSetup) {
    const { requests, policy, observe, jumps = true, sharesPrefixes = true } = setup;
    checkRequests(requests);
    this.cost = setup.deployment instanceof StepCost
      ? setup.deployment
      : new StepCost(setup.deployment);
    const full = this.cost.deployment;
    const memory = setup.memory ?? new CountedBlocks(blockCount(full));
    const {
      swapTime = swapAt(
        cacheBytesPerToken(full.model, {
          storage: full.formats.cache,
          devices: full.devices,
        }),
        64e9,
      ),
    } = setup;
    if (memory.free !== memory.total) {
      throw new RangeError(
        `Cannot serve requests as the memory must be empty at first: ${
          memory.total - memory.free
        } of ${memory.total} blocks are taken`,
      );
    }
    this.server = new Server(requests, memory, swapTime, this.plan, observe, sharesPrefixes);
    this.recorder = new Recorder(requests.arrival.length);
    this.policy = policy;
    this.load = this.cost.load();
    this.jumps = jumps;
    policy.start?.();
    this.requireRoom();
  }

  /** A request that can never be held would wait forever. */
  private requireRoom(): void {
    const { requests: { promptTokens, outputTokens }, memory } = this.server;
    for (let request = 0; request < promptTokens.length; request++) {
      const tokens = promptTokens[request]! + outputTokens[request]! - 1;
      if (tokens > memory.total * memory.blockTokens) {
        throw new RangeError(
          `Cannot serve request ${request} as its cache must fit in ${
            memory.total * memory.blockTokens
          } tokens: current value is ${tokens}`,
        );
      }
    }
  }

  /** Carries on until so many more requests are finished; false when all are. */
  advance(requests = Infinity): boolean {
    const { server } = this;
    const count = server.requests.arrival.length;
    const until = this.finished + requests;
    while (this.finished < count && this.finished < until) {
      this.admitEvents();
      this.plan.clear();
      this.policy.plan(server, this.plan);
      this.fillLoad();
      const { decodes, promptTokens } = this.load;
      if (decodes + promptTokens === 0 && this.plan.transfer === 0) this.waitForEvent();
      else this.carryOut();
    }
    return this.finished < count;
  }

  /** When the next request arrives or comes back. */
  private nextEvent(): Seconds {
    const { server: { requests: { arrival }, arrived, alarms } } = this;
    return Math.min(arrived < arrival.length ? arrival[arrived]! : Infinity, alarms.next);
  }

  /** Lets in everything that has happened up to now. */
  private admitEvents(): void {
    const { server, recorder } = this;
    const { arrival } = server.requests;
    while (server.arrived < arrival.length && arrival[server.arrived]! <= server.now) {
      const request = server.arrived++;
      recorder.presence += server.now - arrival[request]!;
      server.waiting.pushBack(request);
      server.tell("arrived", request, arrival[request]!);
      if (server.allArrived) this.backlog = server.arrived - this.finished;
    }
    while (server.alarms.next <= server.now) {
      const request = server.alarms.take();
      const kept = server.blocks[request]! > 0;
      server.phase[request] = kept ? phases.decoding : phases.waiting;
      if (kept) server.running[server.runningCount++] = request;
      else server.waiting.pushFront(request);
      server.tell("resumed", request);
    }
  }

  private waitForEvent(): void {
    const { server } = this;
    const time = this.nextEvent();
    if (time === Infinity) {
      throw new Error(
        `Cannot go on with ${this.policy.name} as its plan must compute something while nothing else can happen: ` +
          `${server.waiting.length} requests wait, ${server.runningCount} run, ${server.memory.free} blocks are free`,
      );
    }
    this.pass(time - server.now);
    server.now = time;
  }

  /** Adds to the integrals over time. */
  private pass(seconds: Seconds): void {
    const { server, recorder } = this;
    recorder.presence += seconds * (server.arrived - this.finished);
    recorder.blockSeconds += seconds * (server.memory.total - server.memory.free);
  }

  private carryOut(): void {
    const { plan, server, load, recorder, cost } = this;
    const [first, middle, last] = this.totals;
    if (load.decodes + load.promptTokens > 0) cost.evaluate(load, first);
    else Object.assign(first, new StepTotals());
    const moved = plan.transfer;
    plan.transfer = 0;
    const seconds = plan.overlaps ? Math.max(first.seconds, moved) : first.seconds + moved;
    let steps = 1, slope = 0;
    if (this.jumps && plan.prompts.length === 0 && moved === 0) {
      let most = mostSteps(server, load, plan.steps);
      while (most > 1) {
        cost.evaluate(load, last, most - 1);
        const ends = first.seconds + last.seconds;
        // Each operator is the larger of two lines, so the sum is convex: it is a line if its middle lies on it.
        const bent = most > 2 &&
          Math.abs(2 * cost.evaluate(load, middle, (most - 1) / 2).seconds - ends) > 1e-12 * ends;
        if (!bent) break;
        most = Math.ceil(most / 2);
      }
      if (most > 1) {
        slope = (last.seconds - first.seconds) / (most - 1);
        steps = Math.min(most, stepsUntil(this.nextEvent() - server.now, seconds, slope));
        if (steps > 1 && steps < most) cost.evaluate(load, last, steps - 1);
      }
    }
    recorder.add(first, steps > 1 ? last : first, steps);
    const all = steps * seconds + slope * steps * (steps - 1) / 2;
    const start = server.now;
    server.steps += steps;
    if (steps > 1) holdBlocks(server, steps);
    this.pass(all);
    recorder.busy += all;
    recorder.batchSeconds += all * load.decodes;
    recorder.peakBlocks = Math.max(recorder.peakBlocks, server.memory.total - server.memory.free);
    server.now = start + all;
    const { decodes, promptTokens } = load;
    const given = { firstEnd: start + seconds, seconds, slope, steps };
    const before = recorder.outputTokens;
    if (plan.decodes && decodes > 0) giveTokens(this, given);
    movePrompts(this, plan);
    this.fruitless = recorder.outputTokens > before ? 0 : this.fruitless + 1;
    if (this.fruitless >= 1000 && this.fruitless % 1000 === 0) this.requireProgress();
    if (this.policy.holdsFinished) releaseHeld(this);
    const taken = server.memory.total - server.memory.free;
    recorder.look(server.now, server.runningCount, server.waiting.length, taken);
    server.observe?.({
      kind: "steps",
      time: start,
      seconds: all,
      steps,
      decodes,
      promptTokens,
      prompts: plan.prompts.slice(),
      waiting: server.waiting.length,
      blocks: taken,
    });
  }

  private fillLoad(): void {
    const { load, server, plan } = this;
    load.clear();
    if (plan.decodes) {
      for (let index = 0; index < server.runningCount; index++) {
        const request = server.running[index]!;
        const phase = server.phase[request]!;
        if (phase === phases.decoding || phase === phases.held) {
          load.decode(server.cached[request]!, phase === phases.decoding);
        }
      }
    }
    plan.prompts.forEach((request, index) => {
      const tokens = plan.tokens[index]!;
      this.requirePlanned(request, tokens);
      load.prefill(tokens, server.cached[request]!, tokens === server.missing(request));
    });
    load.share = plan.share;
    load.enters = plan.enters;
    load.leaves = plan.leaves;
  }

  /** A policy is written by anyone, and a mistake in it must not pass for a result. */
  private requirePlanned(request: number, tokens: Tokens): void {
    const { server, policy } = this;
    const prefills = server.phase[request] === phases.prefilling;
    if (prefills && Number.isInteger(tokens) && tokens >= 1 && tokens <= server.missing(request)) {
      return;
    }
    throw new RangeError(
      `Cannot carry out the plan of ${policy.name} as ` +
        (prefills
          ? `it must compute 1 to ${
            server.missing(request)
          } tokens of request ${request}: current value is ${tokens}`
          : `request ${request} must be admitted and its prompt incomplete to be computed: it is not`),
    );
  }

  /**
   * A policy that sends everybody away before they get a token would go on forever. Each step brings a prompt forward by
   * one token at least, or moves a cache: that bounds how many a fair policy needs.
   */
  private requireProgress(): void {
    const { server, policy, fruitless } = this;
    const { promptTokens, outputTokens } = server.requests;
    let most = 1000;
    for (let request = 0; request < server.arrived; request++) {
      if (server.phase[request] === phases.done) continue;
      most += 2 * (promptTokens[request]! + outputTokens[request]!);
    }
    if (fruitless <= most) return;
    throw new Error(
      `Cannot go on with ${policy.name} as its plans must give a token at last: ` +
        `none came in ${fruitless} steps, ${server.waiting.length} requests wait, ${server.runningCount} run`,
    );
  }
}
