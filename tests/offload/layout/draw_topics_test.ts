import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { coActivation, drawTopics } from "@fewer-bytes/offload";

const setup = { neurons: 120, topics: 6, tokens: 800, own: 0.8, other: 0.02 };

Deno.test("drawTopics() has the activity of its chances, and neurons that belong together", () => {
  const trace = drawTopics(setup, seeded(2));
  const active = trace.reduce((sum, token) => sum + token.length, 0) / 800 / 120;
  assertAlmostEquals(active, 0.8 / 6 + 0.02 * 5 / 6, 0.01);
  const pairs = coActivation(trace, 120);
  const partners = Array.from({ length: 119 }, (_, j) => pairs.data[j + 1]!).toSorted((a, b) =>
    b - a
  );
  // Neuron 0 is active together with the 19 others of its topic, and hardly with anyone else.
  assert(partners[18]! > 0.06 && partners[19]! < 0.03);
});

Deno.test("drawTopics() is the same for the same seed", () => {
  assertEquals(drawTopics(setup, seeded(2)), drawTopics(setup, seeded(2)));
});

Deno.test("drawTopics() refuses topics that do not divide neurons, and chances that are none", () => {
  assertThrows(() => drawTopics({ ...setup, topics: 7 }, seeded(1)), RangeError, "divide 120");
  assertThrows(() => drawTopics({ ...setup, own: 1.5 }, seeded(1)), RangeError, "own");
});
