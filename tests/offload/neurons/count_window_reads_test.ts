import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { countWindowReads, drawActivations, windowReads } from "@fewer-bytes/offload";
import fc from "fast-check";

Deno.test("countWindowReads() counts as sets do, token by token", () => {
  const trace = fc.array(
    fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 10 }),
    { minLength: 8, maxLength: 15 },
  );
  fc.assert(fc.property(trace, fc.integer({ min: 0, max: 7 }), (tokens, window) => {
    let loaded = 0, resident = 0;
    for (let token = window; token < tokens.length; token++) {
      const before = new Set(tokens.slice(token - window, token).flat());
      loaded += tokens[token]!.filter((neuron) => !before.has(neuron)).length;
      resident += new Set([...before, ...tokens[token]!]).size;
    }
    const counted = 10 * (tokens.length - window);
    const own = countWindowReads(tokens, 10, window);
    assertAlmostEquals(own.loaded, loaded / counted, 1e-12);
    assertAlmostEquals(own.resident, resident / counted, 1e-12);
  }));
});

Deno.test("countWindowReads() of drawn neurons is near the closed form", () => {
  for (const kind of [{ activity: 0.1 }, { activity: 0.1, persistence: 0.7 }]) {
    const trace = drawActivations({ neurons: 2000, tokens: 120, ...kind }, seeded(9));
    for (const window of [0, 1, 5]) {
      const [counted, expected] = [
        countWindowReads(trace, 2000, window),
        windowReads(kind, window),
      ];
      assertAlmostEquals(counted.loaded / expected.loaded, 1, 0.05);
      assertAlmostEquals(counted.resident / expected.resident, 1, 0.05);
    }
  }
});

Deno.test("countWindowReads() refuses traces that are too short, and neurons that are none", () => {
  assertThrows(() => countWindowReads([[0]], 4, 1), RangeError, "more tokens than the window");
  assertThrows(() => countWindowReads([[4]], 4, 0), RangeError, "from 0 to 3");
  assertEquals(countWindowReads([[]], 4, 0), { loaded: 0, resident: 0 });
});
