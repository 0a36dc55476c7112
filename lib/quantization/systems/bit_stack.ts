import type { Weight } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { type Bytes, requireAtLeast } from "../../units/mod.ts";
import { composeSigns, decomposeSigns } from "./sign_decomposition.ts";

/** How a stack is made. */
export interface BitStackOptions {
  /** Directions kept in each block. Default 1; BitStack takes 16, which is little beside thousands of columns. */
  readonly rank?: number;
  /** Blocks for each matrix: about as many bits a weight. Default 8. */
  readonly levels?: number;
  /**
   * How loud each input channel of a matrix is, such as its norm over calibration tokens, above zero. Columns are
   * weighed by it, so that errors count where they are heard. Its 16-bit numbers are counted with the first block.
   */
  readonly loudness?: (name: string) => ArrayLike<number> | undefined;
  /**
   * What a block is worth, to sort those of one level: more is loaded earlier. Default: the squared error that it takes
   * away for each of its bytes. (BitStack measures the perplexity of the model instead.)
   */
  readonly importance?: (block: StackedBlock) => number;
}

/** One block of one matrix, as it is loaded. */
export interface StackedBlock {
  readonly name: string;
  /** 0 is the first block of its matrix; each needs those before it. */
  readonly level: number;
  readonly bytes: Bytes;
  /** The squared error, weighed by loudness, before and after this block is added. */
  readonly before: number;
  readonly after: number;
}

/** Matrices in blocks, sorted by how early they should be loaded. */
export interface BitStack {
  readonly order: readonly StackedBlock[];
  /** Bytes of the first block of every matrix: the smallest model there is. */
  readonly smallest: Bytes;
  /** Bytes of all blocks. */
  readonly largest: Bytes;
  /** A matrix out of its first few blocks, at least one. */
  readonly compose: (name: string, levels: number) => Float32Array<ArrayBuffer>;
}

/**
 * How does one keep a model of which any part can be loaded, to fit the memory of the moment? Quantization has steps of
 * a whole bit a weight, gigabytes for a large model, and each needs a file of its own. BitStack (Wang et al. 2024) has
 * one file: every matrix is a sum of blocks, see {@linkcode decomposeSigns}, and the blocks
 * of all matrices lie sorted by importance, level by level. Loading more of the file makes a better model, in steps of
 * one block: for 4096 × 4096 weights and rank 16, 2.4 MB.
 *
 * Its place is at few bits. Each round leaves a larger share of the error than the one before it, so on Gaussian weights
 * it beats rounding to a grid at two bits and loses to it from three bits on.
 *
 * @throws {RangeError} for options out of range, loudness that is not above zero, or weights that are not finite.
 * @example
 * ```ts
 * import { assertEquals, assertLess } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { fitToBudget, makeBitStack } from "@fewer-bytes/quantization";
 *
 * const random = seeded(1);
 * const data = Float32Array.from({ length: 32 * 32 }, () => random.normal());
 * const stack = makeBitStack([{ name: "w", outputs: 32, inputs: 32, data }], { levels: 4 });
 * assertEquals(stack.smallest, 32 * 32 / 8 + 2 * (32 + 32));
 * const { bytes, levels } = fitToBudget(stack, 800);
 * assertEquals([bytes, levels.get("w")], [768, 3]); // 256 a block
 * assertLess(stack.order[2]!.after, 0.1 * stack.order[0]!.before);
 * ```
 */
export function makeBitStack(weights: readonly Weight[], options: BitStackOptions = {}): BitStack {
  const { rank = 1, levels = 8, loudness, importance = gainPerByte } = options;
  const stored = new Map(weights.map((weight) => {
    const scale = loudness?.(weight.name);
    if (scale) requireLoudness(weight, scale);
    return [weight.name, decompose(weight, rank, levels, scale)] as const;
  }));
  const order = Array.from(
    { length: levels },
    (_, level) =>
      [...stored.values()].map(({ list }) => list[level]!)
        .sort((a, b) => importance(b) - importance(a)),
  ).flat();
  const sum = (list: readonly StackedBlock[]) =>
    list.reduce((total, { bytes }) => total + bytes, 0);
  return {
    order,
    smallest: sum(order.slice(0, stored.size)),
    largest: sum(order),
    compose: (name, count) => {
      const found = stored.get(name);
      if (!found) throw new RangeError(`Cannot compose ${name} as it is not in the stack`);
      const { scale, blocks } = found;
      return Float32Array.from(
        composeSigns(blocks.slice(0, count)).data,
        (value, i) => value / (scale?.[i % scale.length] ?? 1),
      );
    },
  };
}

function decompose(weight: Weight, rank: number, levels: number, scale?: ArrayLike<number>) {
  const { name, outputs, inputs, data } = weight;
  const weighed = Float64Array.from(data, (value, i) => value * (scale?.[i % inputs] ?? 1));
  const { blocks, errors } = decomposeSigns(new Matrix(outputs, inputs, weighed), rank, levels);
  const list = blocks.map((block, level): StackedBlock => ({
    name,
    level,
    bytes: block.bytes + (scale && level === 0 ? 2 * inputs : 0),
    before: errors[level]!,
    after: errors[level + 1]!,
  }));
  return { blocks, list, scale };
}

function gainPerByte({ before, after, bytes }: StackedBlock): number {
  return (before - after) / bytes;
}

function requireLoudness({ name, inputs }: Weight, scale: ArrayLike<number>): void {
  if (scale.length !== inputs) {
    throw new RangeError(
      `Cannot weigh ${name} as it needs the loudness of ${inputs} inputs: current length is ${scale.length}`,
    );
  }
  for (let i = 0; i < inputs; i++) {
    requireAtLeast(scale[i]!, Number.MIN_VALUE, `weigh ${name}`, `the loudness of input ${i}`);
  }
}
