import { probabilities } from "../lm/mod.ts";
import { requirePositive } from "../units/mod.ts";

/** A loss, and how it changes with each of the student's logits. */
export interface DistillationLoss {
  /** In nats, times the square of the temperature. */
  readonly loss: number;
  readonly gradient: Float64Array;
}

/**
 * How far is a student from its teacher? The Kullback-Leibler divergence of their predictions at a temperature T, times
 * T², and its gradient.
 *
 * A temperature above 1 flattens both, so that the student also learns which wrong answers are less wrong. Flat
 * predictions have small gradients, by 1/T²: the factor T² makes up for it, so the temperature can be changed without
 * changing the learning rate. The gradient in the student's logits is `T · (student − teacher)`, in probabilities.
 *
 * Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), section 2.
 *
 * @param student Logits over the vocabulary.
 * @param teacher Logits over the same vocabulary.
 * @param temperature Above 0. Default 1.
 * @throws {TypeError} when the vocabularies differ.
 * @throws {RangeError} when the temperature is not above 0, or a logit is NaN.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { distillationLoss } from "@fewer-bytes/sparsity";
 *
 * const [student, teacher] = [Float32Array.of(0, 0), Float32Array.of(0, Math.log(3))]; // (1/2, 1/2), (1/4, 3/4)
 * const { loss, gradient } = distillationLoss(student, teacher);
 * assertAlmostEquals(loss, 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5), 1e-6);
 * assertAlmostEquals(gradient[0]!, 1 / 2 - 1 / 4, 1e-6);
 * ```
 */
export function distillationLoss(
  student: Float32Array,
  teacher: Float32Array,
  temperature = 1,
): DistillationLoss {
  requirePositive(temperature, "distill", "the temperature");
  if (student.length !== teacher.length) {
    throw new TypeError(
      `Cannot distill as student and teacher must have the same vocabulary: current sizes are ${student.length} and ${teacher.length}`,
    );
  }
  const own = probabilities(student, temperature);
  const wanted = probabilities(teacher, temperature);
  let divergence = 0;
  for (let token = 0; token < own.length; token++) {
    // 0 · log 0 is 0; a student that is sure of the contrary is infinitely wrong.
    if (wanted[token]! > 0) divergence += wanted[token]! * Math.log(wanted[token]! / own[token]!);
  }
  return {
    loss: temperature ** 2 * divergence,
    gradient: own.map((value, token) => temperature * (value - wanted[token]!)),
  };
}
