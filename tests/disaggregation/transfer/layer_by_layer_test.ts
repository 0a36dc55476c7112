import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { exposedTransfer } from "@fewer-bytes/disaggregation";
import fc from "fast-check";

const seconds = fc.double({ min: 0, max: 10, noNaN: true });
const layers = fc.integer({ min: 1, max: 80 });

Deno.test("exposedTransfer() is what is left when layers are sent one behind the other", () => {
  fc.assert(fc.property(seconds, seconds, layers, (compute, transfer, layers) => {
    let computed = 0, sent = 0;
    for (let layer = 0; layer < layers; layer++) {
      computed += compute / layers;
      sent = Math.max(sent, computed) + transfer / layers;
    }
    assertAlmostEquals(exposedTransfer(compute, transfer, layers), sent - computed, 1e-9);
  }));
});

Deno.test("exposedTransfer() is never more than the transfer, and never less than one layer of it", () => {
  fc.assert(fc.property(seconds, seconds, layers, (compute, transfer, layers) => {
    const left = exposedTransfer(compute, transfer, layers);
    assert(left <= transfer && left >= transfer / layers);
  }));
});

Deno.test("exposedTransfer() refuses times and layers that are none", () => {
  assertThrows(() => exposedTransfer(-1, 1, 1), RangeError, "compute");
  assertThrows(() => exposedTransfer(1, NaN, 1), RangeError, "transfer");
  assertThrows(() => exposedTransfer(1, 1, 0), RangeError, "layers");
});
