import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { reservedTokens } from "@fewer-bytes/paging";

Deno.test("a reservation is never too small; powers of two ask for less than twice the output, and never for more than the maximum", () => {
  const lengths = fc.record({
    prompt: fc.integer({ min: 1, max: 1024 }),
    output: fc.integer({ min: 1, max: 1024 }),
  });
  fc.assert(fc.property(lengths, (request) => {
    const total = request.prompt + request.output;
    const [least, two, most] = (["oracle", "power of two", "maximum"] as const).map((policy) =>
      reservedTokens(request, policy, 2048)
    ) as [number, number, number];
    assertEquals([least, most], [total, 2048]);
    assert(two >= total && two < total + request.output && two <= 2048);
  }));
});

Deno.test("reservedTokens() refuses what is longer than the maximum", () => {
  assertThrows(
    () => reservedTokens({ prompt: 1000, output: 1049 }, "oracle", 2048),
    RangeError,
    "must be <= 2048: current value is 2049",
  );
  assertThrows(() => reservedTokens({ prompt: 0, output: 1 }, "oracle", 2048), RangeError);
  assertThrows(() => reservedTokens({ prompt: 1, output: NaN }, "oracle", 2048), RangeError);
});
