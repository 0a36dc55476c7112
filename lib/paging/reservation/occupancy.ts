/** What the memory for caches holds, as shares of it that add up to 1. */
export interface Occupancy {
  /** Keys and values of tokens that are there. */
  readonly tokens: number;
  /** Places for tokens that will come. */
  readonly reserved: number;
  /** Places set aside for tokens that will never come. */
  readonly internal: number;
  /** What no request can use: lost to rounding, in pieces too small, or free while requests wait. */
  readonly external: number;
  /** Requests that run together, on average. */
  readonly requests: number;
  /** Steps over which all this is the mean: those in which a request had to wait. */
  readonly steps: number;
  /** How often a running request had to stop, for lack of memory. */
  readonly preemptions: number;
}

/** A running request, and what it holds in a step. */
export interface HeldPlaces {
  /** Its number, from 0, in the order of arrival. */
  readonly request: number;
  readonly tokens: number;
  /** Places that it has, whether they hold a token or not. */
  readonly places: number;
  /** Where they begin, when they lie in one piece. */
  readonly at?: number;
}

/** Hears of each step of a simulation, so that a picture can replay it. */
export type WatchMemory = (step: number, held: readonly HeldPlaces[]) => void;

/** Adds up what memory holds, step by step. */
export class OccupancyMeter {
  #tokens = 0;
  #reserved = 0;
  #internal = 0;
  #requests = 0;
  #steps = 0;

  /** @param places All that there are. */
  constructor(readonly places: number) {}

  /** One step more, with so many places for each purpose. */
  add(tokens: number, reserved: number, internal: number, requests: number): void {
    this.#tokens += tokens;
    this.#reserved += reserved;
    this.#internal += internal;
    this.#requests += requests;
    this.#steps++;
  }

  /**
   * The means.
   *
   * @throws {RangeError} when there was no step.
   */
  mean(preemptions = 0): Occupancy {
    if (this.#steps === 0) {
      throw new RangeError(
        "Cannot measure occupancy as a request must have waited in at least one step: none did",
      );
    }
    const share = (sum: number) => sum / (this.#steps * this.places);
    const used = share(this.#tokens + this.#reserved + this.#internal);
    return {
      tokens: share(this.#tokens),
      reserved: share(this.#reserved),
      internal: share(this.#internal),
      external: 1 - used,
      requests: this.#requests / this.#steps,
      steps: this.#steps,
      preemptions,
    };
  }
}
