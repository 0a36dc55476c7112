import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { inputStatistics, outputError } from "@fewer-bytes/quantization";
import fc from "fast-check";
import { randomMatrix } from "./support.ts";

const count = fc.integer({ min: 1, max: 8 });

Deno.test("outputError() is the mean squared difference of the outputs, computed token by token", () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.tuple(count, count, count),
      (seed, [tokens, inputs, outputs]) => {
        const x = randomMatrix(seed, tokens, inputs);
        const [a, b] = [1, 2].map((k) => randomMatrix(seed + k, outputs, inputs));
        const [p, q] = [a!, b!].map((weights) => x.multiply(weights.transpose()).data);
        const expected = p!.reduce((sum, value, at) => sum + (value - q![at]!) ** 2, 0) / p!.length;
        assertAlmostEquals(
          outputError(a!, b!, inputStatistics(x)),
          expected,
          1e-5 * (1 + expected),
        );
      },
    ),
    { seed: 1 },
  );
});

Deno.test("outputError() is 0 for the same weights, and refuses other shapes", () => {
  const weights = randomMatrix(1, 2, 3);
  const statistics = inputStatistics(randomMatrix(2, 4, 3));
  assertEquals(outputError(weights, weights.clone(), statistics), 0);
  for (const other of [randomMatrix(1, 3, 3), randomMatrix(1, 2, 4)]) {
    assertThrows(() => outputError(weights, other, statistics), TypeError, "shapes must match");
  }
  assertThrows(
    () => outputError(weights, weights, inputStatistics(randomMatrix(2, 4, 2))),
    TypeError,
    "2 inputs",
  );
});
