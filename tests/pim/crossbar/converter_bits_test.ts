import { assertEquals, assertThrows } from "@std/assert";
import { conversionsPerMultiplyAdd, converterBits, converterBitsFormula } from "@fewer-bytes/pim";
import fc from "fast-check";

const small = (max: number) => fc.integer({ min: 1, max });

Deno.test("converterBits() tells all sums of a column apart: by counting them", () => {
  fc.assert(fc.property(small(300), small(4), small(3), (rows, cell, input) => {
    const sums = rows * (2 ** cell - 1) * (2 ** input - 1) + 1;
    const bits = converterBits({ rows, cellBits: cell }, input);
    assertEquals(2 ** bits >= sums && 2 ** (bits - 1) < sums, true);
    assertEquals(converterBitsFormula.evaluate({ rows, cell, input }), bits);
  }));
});

Deno.test("ISAAC's 128 rows of 2 bits, bit after bit, need 9 bits, of which it saves one by its encoding", () => {
  assertEquals(converterBits({ rows: 128, cellBits: 2 }) - 1, 8);
});

Deno.test("conversionsPerMultiplyAdd() counts columns and bits, shared by the rows", () => {
  // 16 x 16 bits in ISAAC: 8 columns of 2 bits, 16 bits of input, one conversion each, for 128 products.
  assertEquals(
    conversionsPerMultiplyAdd({ rows: 128, cellBits: 2 }, { weightBits: 16, inputBits: 16 }),
    1,
  );
  assertEquals(conversionsPerMultiplyAdd({ rows: 64 }, { weightBits: 4, inputBits: 1 }), 1 / 16);
  assertThrows(() => converterBits({ rows: 0 }), RangeError, "rows");
  assertThrows(
    () => conversionsPerMultiplyAdd({ rows: 1 }, { weightBits: 0, inputBits: 1 }),
    RangeError,
    "weightBits",
  );
});
