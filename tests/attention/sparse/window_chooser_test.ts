import { assertEquals, assertThrows } from "@std/assert";
import { windowChooser } from "@fewer-bytes/attention";
import fc from "fast-check";
import { askAll, heads } from "./runtime.ts";

Deno.test("windowChooser() chooses the first and the latest tokens, each once", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(6), (window, sinks) => {
      askAll(windowChooser(heads, { window, sinks }), 20).forEach(({ chosen, traffic }, newest) => {
        const expected = Array.from({ length: newest + 1 }, (_, token) => token)
          .filter((token) => token < sinks || token > newest - window);
        for (const list of chosen) assertEquals([...list], expected);
        assertEquals([chosen.length, traffic], [4, 0]);
      });
    }),
    { numRuns: 30 },
  );
});

Deno.test("a window that leaves a token without itself is refused", () => {
  assertThrows(() => windowChooser(heads, { window: 0 }), RangeError, "the window");
  assertThrows(() => windowChooser(heads, { window: 1, sinks: 0.5 }), RangeError, "the sinks");
});
