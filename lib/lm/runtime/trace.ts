import { type Operator, sumOperators } from "../../transformer/mod.ts";
import type { Bytes, Flop } from "../../units/mod.ts";

/** What an operator did: counted where it was done, from the arrays that it worked on. */
export interface Work {
  readonly flops: Flop;
  readonly weights: Bytes;
  readonly cache: Bytes;
  readonly activations: Bytes;
}

/** Hears of each operator as it is run. */
export type Trace = (name: string, work: Work) => void;

/** Adds up the work of a pass by the names of the operator table, so that both can be held against each other. */
export class WorkLog {
  readonly #work = new Map<string, Work>();

  /** Pass this to {@linkcode forward}. */
  readonly trace: Trace = (name, work) => {
    const before = this.#work.get(name) ?? { flops: 0, weights: 0, cache: 0, activations: 0 };
    this.#work.set(name, {
      flops: before.flops + work.flops,
      weights: before.weights + work.weights,
      cache: before.cache + work.cache,
      activations: before.activations + work.activations,
    });
  };

  /** The work of an operator, over all layers; nothing for one that was not run. */
  of(name: string): Work | undefined {
    return this.#work.get(name);
  }

  /** Everything together. */
  total(): Work {
    let flops = 0, weights = 0, cache = 0, activations = 0;
    for (const work of this.#work.values()) {
      flops += work.flops;
      weights += work.weights;
      cache += work.cache;
      activations += work.activations;
    }
    return { flops, weights, cache, activations };
  }
}

/** The rows of an operator table with the same name, as work. */
export function expectedWork(table: readonly Operator[], name: string): Work {
  const { flops, bytes } = sumOperators(table.filter((row) => row.name === name));
  return { flops, ...bytes };
}
