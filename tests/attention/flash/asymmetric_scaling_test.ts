import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware } from "@fewer-bytes/catalog";
import { balancedEmulation, perClock, tileBound } from "@fewer-bytes/attention";

const tile = { rows: 128, columns: 128 };
const of = (id: string, width = 128, emulated = 0) =>
  tileBound(findHardware(id), tile, width, emulated);

Deno.test("tileBound() finds FlashAttention-4's operations a clock in the catalog: 4,096 on Hopper, 8,192 on Blackwell", () => {
  for (const [id, expected] of [["nvidia-h100-sxm", 4096], ["nvidia-b200", 8192]] as const) {
    const operations = 4 * 128 ** 3 / of(id).matrix;
    assertAlmostEquals(operations / expected, 1, 0.005);
  }
});

Deno.test("from Hopper to Blackwell the products of a tile take half the clocks, all else takes as many", () => {
  const [h100, b200] = ["nvidia-h100-sxm", "nvidia-b200"].map((id) => of(id));
  assertAlmostEquals(h100!.matrix / b200!.matrix, 2, 0.01);
  assertEquals([h100!.exponential, h100!.shared], [b200!.exponential, b200!.shared]);
});

Deno.test("heads of 64 wait for exponentials on Blackwell, for products on Ampere", () => {
  assertEquals(of("nvidia-b200", 64).bound, "exponential");
  assertEquals(of("nvidia-a100-sxm-80gb", 64).bound, "matrix");
  assertEquals(of("nvidia-h100-sxm", 128).bound, "matrix");
});

Deno.test("heads of 128 need as long for exponentials as for products on Blackwell, so some are emulated", () => {
  const { exponential, matrix } = of("nvidia-b200");
  assertAlmostEquals(exponential / matrix, 1, 0.01);
  const helped = of("nvidia-b200", 128, 0.2);
  assert(helped.exponential < 0.85 * matrix && helped.lanes < matrix);
  assertEquals(helped.bound, "matrix");
});

Deno.test("balancedEmulation() keeps special units and lanes busy equally long", () => {
  const { exponential, lanes } = of("nvidia-b200", 64, balancedEmulation());
  assertAlmostEquals(exponential, lanes, 1e-9);
  assert(balancedEmulation() > 0.25 && balancedEmulation() < 0.35);
  assertEquals(perClock.exponentials, 16);
});

Deno.test("tileBound() refuses hardware without shared memory in the catalog, and shares above 1", () => {
  assertThrows(() => of("nvidia-b100"), RangeError, "shared memory");
  assertThrows(() => of("nvidia-b200", 128, 1.5), RangeError, "at most 1");
  assertThrows(() => of("nvidia-b200", 128, NaN), RangeError, "emulated share");
});
