import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { distillationLoss } from "@fewer-bytes/sparsity";

const someLogits = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), {
  minLength: 5,
  maxLength: 5,
})
  .map((values) => Float32Array.from(values));
const someTemperature = fc.double({ min: 0.5, max: 8, noNaN: true });

/** Divergence in the other form, cross entropy minus entropy, from scratch. */
function reference(student: ArrayLike<number>, teacher: ArrayLike<number>, temperature: number) {
  const logs = (logits: ArrayLike<number>) => {
    const scaled = Array.from(logits, (logit) => logit / temperature);
    const total = Math.log(scaled.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return scaled.map((logit) => logit - total);
  };
  const [own, wanted] = [logs(student), logs(teacher)];
  const cross = wanted.reduce((sum, log, i) => sum - Math.exp(log) * own[i]!, 0);
  const entropy = wanted.reduce((sum, log) => sum - Math.exp(log) * log, 0);
  return temperature ** 2 * (cross - entropy);
}

Deno.test("distillationLoss() is T² times cross entropy minus entropy", () => {
  fc.assert(
    fc.property(someLogits, someLogits, someTemperature, (student, teacher, temperature) => {
      const { loss } = distillationLoss(student, teacher, temperature);
      assertAlmostEquals(loss, reference(student, teacher, temperature), 1e-8);
      assert(loss >= -1e-10);
    }),
  );
});

Deno.test("the gradient of distillationLoss() is the slope of the loss, by finite differences", () => {
  fc.assert(
    fc.property(someLogits, someLogits, someTemperature, (student, teacher, temperature) => {
      const { gradient } = distillationLoss(student, teacher, temperature);
      gradient.forEach((value, index) => {
        const at = (step: number) =>
          reference(
            Array.from(student, (l, i) => i === index ? l + step : l),
            teacher,
            temperature,
          );
        assertAlmostEquals(value, (at(1e-4) - at(-1e-4)) / 2e-4, 1e-6);
      });
    }),
  );
});

Deno.test("distillationLoss() is 0, with no gradient, for the teacher itself shifted by a constant", () => {
  fc.assert(fc.property(someLogits, someTemperature, (teacher, temperature) => {
    const { loss, gradient } = distillationLoss(teacher.map((l) => l + 2), teacher, temperature);
    assertAlmostEquals(loss, 0, 1e-5);
    gradient.forEach((value) => assertAlmostEquals(value, 0, 1e-5));
  }));
});

Deno.test("the gradient at high temperatures tends to the difference of centered logits over their number", () => {
  const [student, teacher] = [Float32Array.of(1, -1, 0), Float32Array.of(2, 0, -2)]; // both centered
  const { gradient } = distillationLoss(student, teacher, 1e4); // Hinton et al., equation 4, times T²
  gradient.forEach((value, i) => assertAlmostEquals(value, (student[i]! - teacher[i]!) / 3, 1e-3));
});

Deno.test("distillationLoss() is infinite when the student rules out what the teacher holds possible", () => {
  const { loss } = distillationLoss(Float32Array.of(0, -Infinity), Float32Array.of(0, 0));
  assertEquals(loss, Infinity);
});

Deno.test("distillationLoss() refuses other vocabularies, NaN, and a temperature of 0", () => {
  const two = Float32Array.of(1, 2);
  assertThrows(() => distillationLoss(two, Float32Array.of(1), 1), TypeError, "2 and 1");
  assertThrows(() => distillationLoss(two, Float32Array.of(1, NaN), 1), RangeError, "NaN");
  assertThrows(() => distillationLoss(two, two, 0), RangeError, "temperature");
});
