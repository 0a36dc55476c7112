import { assert, assertEquals, assertThrows } from "@std/assert";
import { splitServers } from "@fewer-bytes/disaggregation";
import fc from "fast-check";

const rate = fc.double({ min: 0.01, max: 100, noNaN: true });

Deno.test("splitServers() finds the best of all splits, and none beats the bound", () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 60 }), rate, rate, (servers, prefill, decode) => {
    const all = Array.from(
      { length: servers - 1 },
      (_, at) => Math.min((at + 1) * prefill, (servers - at - 1) * decode),
    );
    const split = splitServers(servers, { prefill, decode });
    assertEquals(split.rate, Math.max(...all));
    assertEquals(split.prefill + split.decode, servers);
    assert(split.rate <= split.bound * (1 + 1e-12));
  }));
});

Deno.test("splitServers() refuses one server, and pools that do nothing", () => {
  assertThrows(() => splitServers(1, { prefill: 1, decode: 1 }), RangeError, ">= 2");
  assertThrows(() => splitServers(2, { prefill: 0, decode: 1 }), RangeError, "prefill");
  assertThrows(() => splitServers(2, { prefill: 1, decode: NaN }), RangeError, "decoding");
});
