import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { fusedChain } from "@fewer-bytes/memory";

Deno.test("the traffic of a chain is what its operators read and write, counted", () => {
  const length = 100, operators = 7;
  let moved = 0;
  const read = (tensor: number[]) => (moved += tensor.length, tensor);
  const write = (tensor: number[]) => (moved += tensor.length, tensor);
  let tensor = Array.from({ length }, (_, index) => index);
  for (let index = 0; index < operators; index++) tensor = write(read(tensor).map((x) => x + 1));
  assertEquals(fusedChain(operators, length, { bandwidth: 1 }).traffic.unfused, moved);
  assertEquals(fusedChain(operators, length, { bandwidth: 1 }).traffic.fused, 2 * length);
});

Deno.test("a fused chain is 1 to k times as fast; SN40L's 2 to 13 are chains of that many operators", () => {
  const amount = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), amount, amount, (operators, launch, weights) => {
      const { speedup } = fusedChain(
        operators,
        1e6,
        { bandwidth: 1e12, launch: launch * 1e-14 },
        weights,
      );
      assert(speedup >= 1 && speedup <= operators + 1e-9);
    }),
  );
  for (const operators of [2, 13]) {
    assertAlmostEquals(fusedChain(operators, 1e6, { bandwidth: 1e12 }).speedup, operators, 1e-9);
  }
});

Deno.test("a chain refuses no operators and no bandwidth", () => {
  assertThrows(() => fusedChain(0, 1, { bandwidth: 1 }), RangeError, "the number of operators");
  assertThrows(() => fusedChain(1, 1, { bandwidth: 0 }), RangeError, "the bandwidth");
  assertThrows(() => fusedChain(1, 1, { bandwidth: 1 }, NaN), RangeError, "the weights");
});
