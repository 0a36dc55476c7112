import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { busTrafficFormula, busTrafficRatio } from "@fewer-bytes/pim";
import fc from "fast-check";

const size = fc.integer({ min: 1, max: 10_000 });

Deno.test("busTrafficRatio() is the bytes that cross without units over those that cross with them", () => {
  fc.assert(fc.property(size, size, size, (outputs, inputs, batch) => {
    const matrix = 2 * outputs * inputs, vectors = 2 * batch * (outputs + inputs);
    assertAlmostEquals(busTrafficRatio(outputs, inputs, batch), matrix / vectors, 1e-9 * matrix);
    assertEquals(
      busTrafficRatio(outputs, inputs, batch),
      busTrafficFormula.evaluate({ outputs, inputs, batch }),
    );
  }));
});

Deno.test("PIM-GPT's 110 to 259 times fewer bytes are below what its matrices would allow", () => {
  // GPT-2's width of 768 gives 384; the paper counts what its ASIC exchanges besides.
  assertEquals(busTrafficRatio(768, 768), 384);
  assertThrows(() => busTrafficRatio(0, 1), RangeError, "outputs");
});
