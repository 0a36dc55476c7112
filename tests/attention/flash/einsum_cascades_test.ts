import { assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { attentionCascades, plainAttention, runEinsums } from "@fewer-bytes/attention";
import { randomInputs, wideInputs } from "./random_inputs.ts";
import { tensorOf } from "./tensor_of.ts";

for (const { name, einsums, keyRank, initial } of attentionCascades) {
  Deno.test(`the cascade "${name}", run as it is written, is attention`, () => {
    const small = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(small, small, small, small, small, fc.nat(999), (e, f, p, m1, m0, seed) => {
        const m = m1 * m0;
        const given = { queries: p, keys: m, width: e, valueWidth: f };
        const { queries, keys, values } = wideInputs(randomInputs(given, seed));
        const key = (j: number) => keyRank === "m" ? `${j}` : `${Math.floor(j / m0)},${j % m0}`;
        const tensors = {
          Q: tensorOf(queries, (i, x) => `${x},${i}`),
          K: tensorOf(keys, (j, x) => `${x},${key(j)}`),
          V: tensorOf(values, (j, x) => `${x},${key(j)}`),
        };
        const { AV } = runEinsums(einsums, { e, f, p, m, m1, m0 }, tensors, initial);
        const expected = plainAttention({ queries, keys, values }, { scale: 1 });
        for (let i = 0; i < p; i++) {
          for (let x = 0; x < f; x++) {
            assertAlmostEquals(AV!.get(`${x},${i}`)!, expected.get(i, x), 1e-12);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
}
