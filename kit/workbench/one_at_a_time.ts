/** Lets pieces of work that must not overlap wait for each other, in the order in which they were handed in. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs a piece of work when all earlier ones have ended, well or not. Settles as the work does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }
}
