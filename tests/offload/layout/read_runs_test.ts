import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import {
  chainWeight,
  coActivation,
  drawActivations,
  drawTopics,
  linkNeurons,
  readRuns,
} from "@fewer-bytes/offload";

Deno.test("readRuns() are active neurons less active links of the chain (Ripple, equation 5)", () => {
  const random = seeded(6);
  const trace = drawActivations({ neurons: 40, tokens: 60, activity: 0.3 }, random);
  const pairs = coActivation(trace, 40);
  const active = trace.reduce((sum, token) => sum + token.length, 0) / 60;
  for (let turn = 0; turn < 5; turn++) {
    const order = random.shuffle(Array.from({ length: 40 }, (_, i) => i));
    assertAlmostEquals(readRuns(trace, order).reads, active - chainWeight(order, pairs), 1e-9);
  }
});

Deno.test("readRuns() of independent neurons have a mean length of 1 / (1 - activity): 1.03 at OPT-6.7B's 3.3 %", () => {
  const neurons = 4000;
  const trace = drawActivations({ neurons, tokens: 60, activity: 0.0328 }, seeded(8));
  const order = Array.from({ length: neurons }, (_, i) => i);
  assertAlmostEquals(readRuns(trace, order).meanLength, 1 / (1 - 0.0328), 0.005); // Ripple reports 1.05
});

Deno.test("readRuns() grow several times when what is active together lies together", () => {
  const random = seeded(3);
  const setup = { neurons: 240, topics: 12, tokens: 300, own: 0.7, other: 0.01 };
  const trace = drawTopics(setup, random);
  const before = readRuns(trace, Array.from({ length: 240 }, (_, i) => i));
  const order = linkNeurons(coActivation(trace.slice(0, 150), 240)); // learned on one half, used on the other
  const after = readRuns(trace.slice(150), order);
  assert(after.meanLength > 2 * before.meanLength);
  const collapsed = readRuns(trace.slice(150), order, 2);
  assert(collapsed.reads < after.reads && collapsed.neurons > after.neurons);
});

Deno.test("readRuns() refuses neurons without a place", () => {
  assertThrows(() => readRuns([[1]], [0]), RangeError, "must have a place");
  assertThrows(() => readRuns([], [0]), RangeError, "tokens");
  assertThrows(() => readRuns([[0]], [0], -1), RangeError, "gap");
});
