import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  joinSteps,
  parallelSelectiveScan,
  scanInRounds,
  selectiveScan,
} from "@fewer-bytes/attention";
import { assertClose, randomMatrix } from "../kinds/support.ts";

const whole = fc.integer({ min: -9, max: 9 });
const steps = fc.record({ keep: whole, add: whole });

Deno.test("joinSteps() is associative, and joining is taking the steps one after the other", () => {
  fc.assert(fc.property(steps, steps, steps, whole, (a, b, c, start) => {
    // Whole numbers, so that both sides are exact; + 0 makes −0 and 0 one.
    const exact = ({ keep, add }: { keep: number; add: number }) => [keep + 0, add + 0];
    assertEquals(exact(joinSteps(joinSteps(a, b), c)), exact(joinSteps(a, joinSteps(b, c))));
    const both = joinSteps(a, b);
    assertEquals(both.keep * start + both.add, b.keep * (a.keep * start + a.add) + b.add);
  }));
});

Deno.test("scanInRounds() has every prefix after ⌈log₂ n⌉ rounds", () => {
  fc.assert(fc.property(fc.array(steps, { minLength: 1, maxLength: 20 }), (list) => {
    const few = list.map(({ keep, add }) => ({ keep: keep / 9, add }));
    const { prefixes, rounds } = scanInRounds(few);
    assertEquals(rounds, Math.ceil(Math.log2(few.length)));
    let state = 1;
    few.forEach(({ keep, add }, i) => {
      state = keep * state + add;
      assertAlmostEquals(prefixes[i]!.keep + prefixes[i]!.add, state, 1e-9);
    });
  }));
  assertEquals(scanInRounds([]), { prefixes: [], rounds: 0 });
});

Deno.test("the scan of all tokens at once is the scan token by token, with either discretization", () => {
  const size = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 17 }),
      size,
      size,
      fc.boolean(),
      fc.nat(1e6),
      (tokens, channels, states, held, seed) => {
        const scan = {
          input: randomMatrix(tokens, channels, seed),
          step: randomMatrix(tokens, channels, seed + 1).map((x) => Math.log1p(Math.exp(x))),
          decay: randomMatrix(channels, states, seed + 2).map((x) => -Math.exp(x)),
          write: randomMatrix(tokens, states, seed + 3),
          read: randomMatrix(tokens, states, seed + 4),
          state: randomMatrix(channels, states, seed + 5),
          skip: randomMatrix(1, channels, seed + 6).data,
          discretization: held ? "zero-order hold" as const : "euler" as const,
        };
        const [parallel, recurrent] = [parallelSelectiveScan(scan), selectiveScan(scan)];
        assertClose(parallel.output, recurrent.output);
        assertClose(parallel.state, recurrent.state);
      },
    ),
    { numRuns: 50 },
  );
});
