import { Matrix } from "../../numeric/mod.ts";
import { type Discretization, discretize } from "./discretize.ts";

/** One selective scan: every channel has a state of its own, and each token says how it is written and read. */
export interface SelectiveScan {
  /** What comes in: tokens by channels. */
  readonly input: Matrix;
  /** The length of each step, above 0: tokens by channels. A long one writes and forgets, a short one passes over. */
  readonly step: Matrix;
  /** How each state decays, below 0: channels by states. */
  readonly decay: Matrix;
  /** What each token writes to the states: tokens by states. */
  readonly write: Matrix;
  /** What each token reads of the states: tokens by states. */
  readonly read: Matrix;
  /** The share of the input that passes beside the states, for each channel. Default none. */
  readonly skip?: ArrayLike<number>;
  /**
   * How the write factor is found. The paper derives (e^(ΔA) − 1)/A · B, a "zero-order hold"; its code computes Δ · B, the
   * first term of that. Default "euler", as models are run.
   */
  readonly discretization?: Discretization;
  /** The states before the first token: channels by states. Default zeros. */
  readonly state?: Matrix;
}

/** What leaves a scan: tokens by channels, and the states after the last token: channels by states. */
export interface ScanResult {
  readonly output: Matrix<Float64Array>;
  readonly state: Matrix<Float64Array>;
}

/**
 * What does a selective state-space model compute? Token by token: each state is multiplied by what it keeps, the input is
 * written to it, and the states are read.
 *
 *     h ← e^(ΔA) h + ΔB x,   y = C h + D x
 *
 * The memory is of fixed size, channels × states, whatever the context: it is how tokens are decoded. That Δ, B and C come
 * from the token itself is the selection. (Gu and Dao 2023, equations 2 and 4, algorithm 2.)
 *
 * @throws {TypeError} when the shapes do not fit.
 * @throws {RangeError} when a step is not above 0.
 * @example A state that keeps half in each step, and is read as it is
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { selectiveScan } from "@fewer-bytes/attention";
 *
 * const ones = Matrix.from([[1], [1], [1]]);
 * const decay = Matrix.from([[Math.log(0.5)]]);
 * const { output } = selectiveScan({ input: ones, step: ones, decay, write: ones, read: ones });
 * [1, 1.5, 1.75].forEach((value, i) => assertAlmostEquals(output.data[i]!, value, 1e-12));
 * ```
 */
export function selectiveScan(scan: SelectiveScan): ScanResult {
  checkScan(scan);
  const { input, step, decay, write, read, skip, discretization } = scan;
  const [channels, states] = [decay.rows, decay.columns];
  const state = new Matrix(
    channels,
    states,
    scan.state ? Float64Array.from(scan.state.data) : new Float64Array(channels * states),
  );
  const output = new Matrix(input.rows, channels, new Float64Array(input.rows * channels));
  for (let token = 0; token < input.rows; token++) {
    for (let channel = 0; channel < channels; channel++) {
      const x = input.get(token, channel), delta = step.get(token, channel);
      const held = state.row(channel);
      let y = (skip?.[channel] ?? 0) * x;
      for (let n = 0; n < states; n++) {
        const { keep, add } = discretize(
          delta,
          decay.get(channel, n),
          write.get(token, n),
          discretization,
        );
        held[n] = keep * held[n]! + add * x;
        y += read.get(token, n) * held[n]!;
      }
      output.set(token, channel, y);
    }
  }
  return { output, state };
}

/** Refuses shapes that do not fit, and steps that are none. */
export function checkScan({ input, step, decay, write, read, state, skip }: SelectiveScan): void {
  const shapes: [string, Matrix, number, number][] = [
    ["the step", step, input.rows, input.columns],
    ["the decay", decay, input.columns, decay.columns],
    ["what is written", write, input.rows, decay.columns],
    ["what is read", read, input.rows, decay.columns],
    ...(state
      ? [["the state", state, input.columns, decay.columns] as [string, Matrix, number, number]]
      : []),
  ];
  for (const [name, matrix, rows, columns] of shapes) {
    if (matrix.rows !== rows || matrix.columns !== columns) {
      throw new TypeError(
        `Cannot scan as ${name} must be ${rows} x ${columns}: current shape is ${matrix.rows} x ${matrix.columns}`,
      );
    }
  }
  if (skip && skip.length !== input.columns) {
    throw new TypeError(
      `Cannot scan as each of ${input.columns} channels needs a skip: current count is ${skip.length}`,
    );
  }
  const bad = step.data.find((value) => !(value > 0 && value < Infinity));
  if (bad !== undefined) {
    throw new RangeError(`Cannot scan as a step must be > 0: current value is ${bad}`);
  }
}
