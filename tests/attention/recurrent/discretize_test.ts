import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { discretize } from "@fewer-bytes/attention";

Deno.test("the zero-order hold solves h' = A h + B x over a step, as integration in small steps does", () => {
  fc.assert(fc.property(
    fc.double({ min: 0.01, max: 2, noNaN: true }),
    fc.double({ min: -3, max: -0.01, noNaN: true }),
    fc.double({ min: -2, max: 2, noNaN: true }),
    (step, decay, write) => {
      const { keep, add } = discretize(step, decay, write, "zero-order hold");
      // The midpoint method from h = 1 with x = 1.
      let h = 1;
      const parts = 2000;
      for (let i = 0; i < parts; i++) {
        const middle = h + step / parts / 2 * (decay * h + write);
        h += step / parts * (decay * middle + write);
      }
      assertAlmostEquals(keep + add, h, 1e-4);
    },
  ));
});

Deno.test("the first-order rule is the limit of the zero-order hold for short steps", () => {
  for (const step of [1e-3, 1e-6, 1e-9]) {
    const [euler, held] = (["euler", "zero-order hold"] as const).map((rule) =>
      discretize(step, -2, 3, rule).add
    );
    assertAlmostEquals(euler! / held!, 1, 2 * step);
  }
  assertAlmostEquals(discretize(0.5, 0, 3, "zero-order hold").add, 1.5);
});
