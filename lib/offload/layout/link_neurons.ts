import type { Matrix } from "../../numeric/mod.ts";

/**
 * In which order should neurons lie on flash, so that those that are active together are neighbors? Ripple's greedy search:
 * pairs are looked at from the most frequent to the least, and linked, unless one of them has two neighbors already or both
 * ends belong to one chain. What is left at the end is a single chain.
 *
 * To find the best chain is the traveling salesman's problem. The greedy one has at least half of its weight, as it takes
 * the heaviest link that is left each time, and each stands in the way of at most two lighter ones of the best chain.
 *
 * Source: Wang et al., "Ripple" (later "Neuralink", ASPLOS 2025), algorithm 1.
 *
 * @param pairs Symmetric: how often two neurons are active together; see {@linkcode coActivation}.
 * @returns The neurons in their order.
 * @throws {RangeError} when the matrix is not square, or has no rows.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { coActivation, linkNeurons } from "@fewer-bytes/offload";
 *
 * const order = linkNeurons(coActivation([[0, 2], [0, 2], [1, 3], [1, 3], [2, 3]], 4));
 * assertEquals(order, [0, 2, 3, 1]); // 0 beside 2, 1 beside 3
 * ```
 */
export function linkNeurons(pairs: Matrix): number[] {
  const { rows, columns, data } = pairs;
  if (rows !== columns || rows === 0) {
    throw new RangeError(
      `Cannot link neurons as pairs must be a square matrix: current shape is ${rows} x ${columns}`,
    );
  }
  const edges: [weight: number, i: number, j: number][] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) edges.push([data[i * rows + j]!, i, j]);
  }
  edges.sort((a, b) => b[0] - a[0] || a[1] - b[1] || a[2] - b[2]);
  const neighbors: number[][] = Array.from({ length: rows }, () => []);
  const chain = Array.from({ length: rows }, (_, neuron) => neuron);
  const root = (neuron: number): number => {
    while (chain[neuron] !== neuron) neuron = chain[neuron] = chain[chain[neuron]!]!;
    return neuron;
  };
  for (const [, i, j] of edges) {
    if (neighbors[i]!.length === 2 || neighbors[j]!.length === 2 || root(i) === root(j)) continue;
    neighbors[i]!.push(j);
    neighbors[j]!.push(i);
    chain[root(i)] = root(j);
  }
  const order: number[] = [];
  let before = -1;
  let neuron = neighbors.findIndex((own) => own.length < 2);
  while (neuron !== undefined && order.length < rows) {
    order.push(neuron);
    const next = neighbors[neuron]!.find((other) => other !== before);
    [before, neuron] = [neuron, next!];
  }
  return order;
}

/** The weight of a chain: how many links of neighbors are active together for a token, on average. */
export function chainWeight(order: readonly number[], pairs: Matrix): number {
  let weight = 0;
  for (let place = 1; place < order.length; place++) {
    weight += pairs.data[order[place - 1]! * pairs.columns + order[place]!]!;
  }
  return weight;
}
