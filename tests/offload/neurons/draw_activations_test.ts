import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { drawActivations } from "@fewer-bytes/offload";

Deno.test("drawActivations() has the activity and the persistence that it was asked for", () => {
  const setup = { neurons: 2000, tokens: 100, activity: 0.1, persistence: 0.7 };
  const trace = drawActivations(setup, seeded(2));
  const active = trace.reduce((sum, token) => sum + token.length, 0);
  assertAlmostEquals(active / 2000 / 100, 0.1, 0.005);
  let stayed = 0, could = 0;
  trace.slice(1).forEach((token, index) => {
    const before = new Set(trace[index]);
    could += before.size;
    stayed += token.filter((neuron) => before.has(neuron)).length;
  });
  assertAlmostEquals(stayed / could, 0.7, 0.01);
});

Deno.test("drawActivations() is the same for the same seed, and lists neurons in rising order", () => {
  const setup = { neurons: 50, tokens: 10, activity: 0.3 };
  const trace = drawActivations(setup, seeded(4));
  assertEquals(trace, drawActivations(setup, seeded(4)));
  for (const token of trace) assertEquals(token, token.toSorted((a, b) => a - b));
});

Deno.test("drawActivations() refuses networks without neurons", () => {
  const setup = { neurons: 0, tokens: 10, activity: 0.3 };
  assertThrows(() => drawActivations(setup, seeded(4)), RangeError, "neurons");
  assertThrows(() => drawActivations({ ...setup, neurons: 1, tokens: 0 }, seeded(4)), RangeError);
});
