import {
  type Bytes,
  requireAtLeast,
  requirePositive,
  type Seconds,
  type Tokens,
} from "../../units/mod.ts";
import type { Requests } from "../workload/requests.ts";
import { Alarms } from "./alarms.ts";
import type { RequestEvent, ServingEvent } from "./events.ts";
import { IdQueue } from "./id_queue.ts";
import { type BlockMemory, prefixOwner } from "./memory.ts";
import type { Plan } from "./plan.ts";
import { SharedPrefixes } from "./shared_prefixes.ts";

/** Where a request is. */
export const phases = {
  waiting: 0,
  prefilling: 1,
  decoding: 2,
  /** Complete, and still in its place because the others of its batch are not (static batching). */
  held: 3,
  /** Waiting for a tool. */
  paused: 4,
  done: 5,
} as const;

/** The name of a place where a request can be. */
export type Phase = keyof typeof phases;

const phaseNames = Object.keys(phases) as Phase[];

/** What happens to the cache of a request that has to leave. */
export type Eviction = "recompute" | "swap";

/** Seconds to move the cache of so many tokens, of a request, between the device and the host. */
export type SwapTime = (tokens: Tokens, request?: number) => Seconds;

/** Moves at a bandwidth, without anything else: a bound. */
export function swapAt(bytesPerToken: Bytes, bandwidth: number): SwapTime {
  requirePositive(bandwidth, "time a swap", "the bandwidth");
  return (tokens) => tokens * bytesPerToken / bandwidth;
}

/**
 * A server as a policy sees it, in the middle of time: who waits, who runs, what is free, and the moves that it may make.
 * Requests are numbers; what is known of each is in columns.
 */
export class Server {
  now: Seconds = 0;
  readonly waiting = new IdQueue();
  /** The running requests in the order of their admission; the first `runningCount` are valid. */
  readonly running: Int32Array;
  runningCount = 0;
  readonly phase: Uint8Array;
  /** Tokens whose keys and values are there, on the device or, while swapped out, on the host. */
  readonly cached: Int32Array;
  /** Tokens of the answer so far. */
  readonly generated: Int32Array;
  /** Blocks held by each alone, and tokens that it reads of a shared beginning. */
  readonly blocks: Int32Array;
  private readonly shared: Int32Array;
  /** 1 while the cache of a waiting or paused request is on the host. */
  readonly onHost: Uint8Array;
  readonly prefixes: SharedPrefixes | undefined;
  readonly alarms = new Alarms();
  /** Requests that have arrived, and whether more will come. */
  arrived = 0;
  /** Steps carried out so far. */
  steps = 0;
  preemptions = 0;
  swaps = 0;
  swappedTokens: Tokens = 0;

  constructor(
    readonly requests: Requests,
    readonly memory: BlockMemory,
    readonly swapTime: SwapTime,
    readonly plan: Plan,
    readonly observe: ((event: ServingEvent) => void) | undefined,
    sharesPrefixes: boolean,
  ) {
    const count = requests.arrival.length;
    this.running = new Int32Array(count);
    this.phase = new Uint8Array(count);
    this.cached = new Int32Array(count);
    this.generated = new Int32Array(count);
    this.blocks = new Int32Array(count);
    this.shared = new Int32Array(count);
    this.onHost = new Uint8Array(count);
    this.prefixes = sharesPrefixes && requests.prefix ? new SharedPrefixes(memory) : undefined;
  }

  /** Whether the last request has arrived. */
  get allArrived(): boolean {
    return this.arrived === this.requests.arrival.length;
  }

  /** Tokens of a request that must be computed before it can go on. */
  missing(request: number): Tokens {
    return this.requests.promptTokens[request]! + this.generated[request]! - this.cached[request]!;
  }

  /**
   * Lets a waiting request in, when its blocks are there. One that was swapped out comes back as it was; another starts
   * with its prompt, less what is found of a shared beginning.
   *
   * @param place Its place in the queue.
   * @param reserve Tokens to hold blocks for at once. Default: what it must compute now.
   * @param spare Blocks that must stay free for those who run already, if there are any. Default 0.
   * @returns Its number; −1, and nothing changed, when the blocks are not there.
   */
  admit(place = 0, reserve: Tokens = 0, spare = 0): number {
    const request = this.waiting.at(place);
    const { requests, prefixes } = this;
    const all = requests.promptTokens[request]! + this.generated[request]!;
    const text = prefixes ? requests.prefix![request]! : -1;
    const swapped = this.onHost[request] === 1;
    const found = text < 0 || swapped ? 0 : prefixes!.find(
      text,
      Math.min(requests.prefixTokens![request]!, all - 1),
    );
    if (found > 0) prefixes!.enter(text);
    this.shared[request] = found;
    if (!this.hold(request, Math.max(all, reserve), this.runningCount > 0 ? spare : 0)) {
      if (found > 0) prefixes!.leave(text);
      this.shared[request] = 0;
      return -1;
    }
    if (prefixes && text >= 0 && !swapped) {
      prefixes.asked += requests.prefixTokens![request]!;
      prefixes.reused += found;
    }
    this.waiting.remove(place);
    this.running[this.runningCount++] = request;
    if (swapped) this.move(request, "swapped in");
    else this.cached[request] = Math.max(this.cached[request]!, found);
    this.onHost[request] = 0;
    const ready = this.generated[request]! > 0 && this.missing(request) === 1;
    this.phase[request] = ready ? phases.decoding : phases.prefilling;
    this.tell("admitted", request);
    return request;
  }

  /** Sees to it that a request holds the blocks of so many tokens; false when they are not there. */
  hold(request: number, tokens: Tokens, spare = 0): boolean {
    const more = this.moreBlocks(request, tokens);
    if (more <= 0) return true;
    if (this.memory.free < more + spare) this.prefixes?.makeRoom(more + spare);
    if (this.memory.free < more + spare || !this.memory.take(more, request)) return false;
    this.blocks[request]! += more;
    return true;
  }

  /** Blocks that a request lacks to hold so many tokens. */
  moreBlocks(request: number, tokens: Tokens): number {
    const own = tokens - this.shared[request]!;
    return Math.ceil(own / this.memory.blockTokens) - this.blocks[request]!;
  }

  /**
   * Gives every decoding request room for one more token, and decodes them all in this step. When room is short, those
   * who came last leave.
   */
  decodeAll(eviction: Eviction = "recompute"): void {
    for (let index = 0; index < this.runningCount; index++) {
      const request = this.running[index]!;
      if (this.phase[request] !== phases.decoding) continue;
      while (!this.hold(request, this.cached[request]! + 1)) {
        const victim = this.running[this.runningCount - 1]!;
        this.evict(victim, eviction);
        if (victim === request) break;
      }
    }
    this.plan.decodes = true;
  }

  /** Sends a running request back to the front of the queue, and frees its blocks. */
  evict(request: number, eviction: Eviction): void {
    this.removeRunning(request);
    if (eviction === "swap" && this.cached[request]! > 0) this.move(request, "swapped out");
    this.release(request);
    if (eviction === "swap") this.onHost[request] = this.cached[request]! > 0 ? 1 : 0;
    else this.cached[request] = 0;
    this.phase[request] = phases.waiting;
    this.waiting.pushFront(request);
    this.preemptions++;
    this.tell("preempted", request);
  }

  /** Counts and times a move of the cache of a request to the host or back. */
  move(request: number, kind: "swapped in" | "swapped out"): void {
    const tokens = this.cached[request]!;
    this.plan.transfer += requireAtLeast(
      this.swapTime(tokens, request),
      0,
      "move a cache",
      "the time that it takes",
    );
    this.swaps++;
    this.swappedTokens += tokens;
    this.tell(kind, request);
  }

  /** Tells the observer, if there is one. */
  tell(kind: RequestEvent["kind"], request: number, time = this.now): void {
    this.observe?.({ kind, time, request, phase: phaseNames[this.phase[request]!]! });
  }

  /** Frees all blocks of a request. */
  release(request: number): void {
    this.memory.give(this.blocks[request]!, request);
    this.blocks[request] = 0;
    if (this.shared[request]! > 0) {
      this.prefixes!.leave(this.requests.prefix![request]!);
      this.shared[request] = 0;
    }
  }

  /** Offers the beginning of a computed prompt to later requests. */
  publishPrefix(request: number): void {
    const { prefix, prefixTokens } = this.requests;
    if (!this.prefixes || prefix![request]! < 0 || this.shared[request]! > 0) return;
    const { blockTokens } = this.memory;
    const blocks = Math.floor(prefixTokens![request]! / blockTokens);
    if (!this.prefixes.publish(prefix![request]!, blocks)) return;
    this.memory.hand?.(blocks, request, prefixOwner(prefix![request]!));
    this.blocks[request]! -= blocks;
    this.shared[request] = blocks * blockTokens;
  }

  /** Takes a request out of the running ones. */
  removeRunning(request: number): void {
    let place = this.runningCount - 1;
    while (this.running[place] !== request) place--;
    this.running.copyWithin(place, place + 1, this.runningCount--);
  }
}
