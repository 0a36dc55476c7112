import { assertAlmostEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { coActivation, drawActivations } from "@fewer-bytes/offload";

Deno.test("coActivation() is symmetric, with each neuron's own share on the diagonal", () => {
  const trace = drawActivations({ neurons: 12, tokens: 200, activity: 0.3 }, seeded(1));
  const pairs = coActivation(trace, 12);
  for (let i = 0; i < 12; i++) {
    const own = trace.filter((active) => active.includes(i)).length / 200;
    assertAlmostEquals(pairs.data[i * 12 + i]!, own, 1e-9);
    for (let j = 0; j < 12; j++) {
      const both = trace.filter((active) => active.includes(i) && active.includes(j)).length;
      assertAlmostEquals(pairs.data[i * 12 + j]!, both / 200, 1e-9);
      assertAlmostEquals(pairs.data[i * 12 + j]!, pairs.data[j * 12 + i]!, 1e-12);
    }
  }
});

Deno.test("coActivation() refuses no tokens, and neurons that are none", () => {
  assertThrows(() => coActivation([], 3), RangeError, "tokens");
  assertThrows(() => coActivation([[3]], 3), RangeError, "from 0 to 2");
});
