import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { hadamard, hadamardOrders, randomHadamard } from "@fewer-bytes/quantization";

/** H·Hᵀ = n·I, in whole numbers; each pair of rows is looked at for small orders, some of them for large ones. */
function assertHadamard(h: Matrix): void {
  const order = h.rows;
  assert(h.data.every((value) => Math.abs(value) === 1));
  const stride = Math.max(1, Math.floor(order / 60));
  for (let i = 0; i < order; i++) {
    for (let j = i; j < order; j += i === j ? 1 : stride) {
      let sum = 0;
      for (let k = 0; k < order; k++) sum += h.data[i * order + k]! * h.data[j * order + k]!;
      assertEquals(sum, i === j ? order : 0, `rows ${i} and ${j} of order ${order}`);
    }
  }
}

Deno.test("hadamard() has perpendicular rows of ±1 for every order 2^k · {1, 12, 20, 28} to 1024", () => {
  let orders = 0;
  for (const base of [1, 12, 20, 28]) {
    for (let order = base; order <= 1024; order *= 2, orders++) assertHadamard(hadamard(order));
  }
  assertEquals(orders, 11 + 7 + 6 + 6);
});

Deno.test("hadamard() has perpendicular rows of ±1 for every order to 300 that it can make", () => {
  for (const order of hadamardOrders(300)) assertHadamard(hadamard(order));
});

Deno.test("hadamard() of a power of two is Sylvester's: symmetric, its first row of ones", () => {
  const h = hadamard(16);
  assertEquals(h.toRows(), h.transpose().toRows());
  assert(h.row(0).every((value) => value === 1));
  assertEquals(hadamard(1).toRows(), [[1]]);
});

Deno.test("hadamard() can be made for the sizes of well-known models", () => {
  // Hidden and intermediate sizes: the course's target, Llama 3.1 8B, Llama 2 13B, Qwen2.5 0.5B's heads.
  const possible = new Set(hadamardOrders(15_000));
  for (const size of [32, 64, 128, 192, 512, 4096, 14336, 5120, 13824]) assert(possible.has(size));
});

Deno.test("hadamard() refuses other orders and lists possible ones near them", () => {
  assertThrows(() => hadamard(90), RangeError, "near it are 80, 84, 88, 96, 104, 108");
  assertThrows(() => hadamard(3), RangeError, "near it are 1, 2, 4");
  assertThrows(() => hadamard(0), RangeError, ">= 1");
  assertThrows(() => hadamard(2.5), RangeError, "whole number");
  assertThrows(() => hadamard(NaN), RangeError, "finite");
});

Deno.test("randomHadamard() is orthogonal, even, and the same for the same seed", () => {
  for (const order of [12, 32, 40]) {
    const r = randomHadamard(order, seeded(3));
    assertEquals(r.toRows(), randomHadamard(order, seeded(3)).toRows());
    assert(r.toRows().join() !== randomHadamard(order, seeded(4)).toRows().join());
    r.data.forEach((value) => assertAlmostEquals(Math.abs(value), 1 / Math.sqrt(order), 1e-15));
    const product = r.multiply(r.transpose());
    product.data.forEach((value, index) =>
      assertLess(Math.abs(value - (index % (order + 1) ? 0 : 1)), 1e-14)
    );
  }
});
