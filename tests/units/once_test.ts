import { assertEquals, assertThrows } from "@std/assert";
import { once } from "@fewer-bytes/units";

Deno.test("once() remembers a value that is undefined too", () => {
  let computed = 0;
  const nothing = once(() => {
    computed++;
    return undefined;
  });
  assertEquals([computed, nothing(), nothing(), computed], [0, undefined, undefined, 1]);
});

Deno.test("once() does not remember a failure: it computes again when asked again", () => {
  let tries = 0;
  const second = once(() => {
    if (++tries === 1) throw new RangeError("not yet");
    return tries;
  });
  assertThrows(second, RangeError, "not yet");
  assertEquals([second(), second()], [2, 2]);
});
