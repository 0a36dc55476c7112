import { assert, assertEquals, assertThrows } from "@std/assert";
import { hasPaley, paley } from "@fewer-bytes/quantization";

Deno.test("paley() gives +1 and −1 in perpendicular rows, for every order to 120 that it says it has", () => {
  const orders = Array.from({ length: 120 }, (_, index) => index + 1).filter(hasPaley);
  // Paley I over primes (q + 1) and Paley II over primes (2q + 2), by hand from the list of primes below 120.
  assertEquals(
    orders,
    [4, 8, 12, 20, 24, 28, 32, 36, 44, 48, 60, 68, 72, 76, 80, 84, 104, 108],
  );
  for (const order of orders) {
    const h = paley(order);
    assert(h.data.every((value) => Math.abs(value) === 1), `order ${order}`);
    const product = h.multiply(h.transpose());
    assert(
      product.data.every((value, index) => value === (index % (order + 1) ? 0 : order)),
      `order ${order}`,
    );
  }
});

Deno.test("paley(12) has the squares modulo 11 in its second row", () => {
  // 1, 4, 9, 5 and 3 are the squares modulo 11; entry j of the row holds whether −j is one, −j = 11 − j.
  const squares = [1, 3, 4, 5, 9];
  const expected = [
    -1,
    1,
    ...Array.from({ length: 10 }, (_, j) => squares.includes(11 - (j + 1)) ? 1 : -1),
  ];
  assertEquals([...paley(12).row(1)], expected);
});

Deno.test("paley() refuses orders that neither construction reaches", () => {
  for (const order of [0, 1, 2, 10, 16, 40, 52, 92, NaN, 12.5]) {
    assertThrows(() => paley(order), RangeError, `current value is ${order}`);
  }
});
