import { multiplyRows } from "../lm/mod.ts";
import { Matrix } from "../numeric/mod.ts";
import { requireInteger } from "../units/mod.ts";
import { distillationLoss } from "./distillation.ts";
import { applyMask, type Mask } from "./mask.ts";

/** What a head learns from, and where it starts. */
export interface HeadDistillation {
  /** Frozen hidden states: one token a row. */
  readonly hidden: Matrix<Float32Array>;
  /** The teacher's logits for the same tokens: one token a row. */
  readonly teacher: Matrix<Float32Array>;
  /** The head to start from: vocabulary × hidden size, such as a pruned one. */
  readonly head: Matrix<Float32Array>;
  /** Weights that may not come back. Default: all may. */
  readonly mask?: Mask;
  readonly steps: number;
  /** Default 1. */
  readonly temperature?: number;
}

/** A head that was trained, and how its distance from the teacher fell. */
export interface DistilledHead {
  readonly head: Matrix<Float32Array<ArrayBuffer>>;
  /** The mean loss over the tokens before each step, and after the last. */
  readonly losses: readonly number[];
}

/**
 * Can a pruned output head learn to say again what the dense one said? Gradient descent on the distillation loss, all
 * tokens at once, with everything below the head frozen.
 *
 * The loss is convex in a linear head, and its curvature at most half of the mean square of the hidden states' norms:
 * softmax never bends more than that. So steps of one over the curvature are safe, no rate is tuned, and momentum
 * (Nesterov's, 1983) makes the distance to the best head fall with the square of the steps.
 *
 * @throws {TypeError} when shapes do not match.
 * @throws {RangeError} when `steps` is no whole number, or the hidden states are all zero.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { distillHead } from "@fewer-bytes/sparsity";
 *
 * const hidden = new Matrix(2, 2, Float32Array.of(1, 0, 0, 1));
 * const teacher = new Matrix(2, 2, Float32Array.of(2, 0, 0, 2));
 * const { losses } = distillHead({ hidden, teacher, head: Matrix.zeros(2, 2), steps: 50 });
 * assert(losses[50]! < 0.05 * losses[0]!);
 * ```
 */
export function distillHead(
  { hidden, teacher, head: start, mask, steps, temperature = 1 }: HeadDistillation,
): DistilledHead {
  requireInteger(steps, 0, "distill", "steps");
  const { rows: tokens, columns: inputs } = hidden;
  const { rows: outputs } = start;
  if (start.columns !== inputs || teacher.rows !== tokens || teacher.columns !== outputs) {
    throw new TypeError(
      `Cannot distill as shapes must match: current shapes are ${tokens} x ${inputs} hidden states, a ${outputs} x ${start.columns} head and ${teacher.rows} x ${teacher.columns} logits`,
    );
  }
  const square = hidden.data.reduce((sum, value) => sum + value ** 2, 0) / tokens;
  if (!(square > 0 && square < Infinity)) {
    throw new RangeError(
      `Cannot distill as hidden states must be finite and not all zero: current mean square is ${square}`,
    );
  }
  const rate = 2 / square;
  const head = new Matrix(outputs, inputs, Float32Array.from(start.data));
  const logits = Matrix.zeros(tokens, outputs);
  const weight = { name: "head", outputs, inputs, data: head.data };
  const losses: number[] = [];
  const before = head.data.slice();
  for (let step = 0; step <= steps; step++) {
    multiplyRows(hidden.data, tokens, weight, logits.data);
    const gradients = new Matrix(tokens, outputs, new Float64Array(tokens * outputs));
    let sum = 0;
    for (let token = 0; token < tokens; token++) {
      const { loss, gradient } = distillationLoss(
        logits.row(token),
        teacher.row(token),
        temperature,
      );
      gradients.row(token).set(gradient);
      sum += loss;
    }
    losses.push(sum / tokens);
    if (step === steps) break;
    const change = gradients.transpose().multiply(hidden);
    const allowed = mask ? applyMask(change, mask) : change;
    const momentum = step / (step + 3);
    for (let i = 0; i < head.data.length; i++) {
      const moved = head.data[i]! - rate * allowed.data[i]! / tokens;
      head.data[i] = moved + momentum * (moved - before[i]!);
      before[i] = moved;
    }
  }
  return { head, losses };
}
