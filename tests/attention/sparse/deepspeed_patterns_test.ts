import { assertEquals, assertThrows } from "@std/assert";
import {
  deepSpeedFixedPattern,
  deepSpeedVariablePattern,
  drawPattern,
} from "@fewer-bytes/attention";
import { published } from "./support.ts";

Deno.test("deepSpeedFixedPattern() gives the layouts of DeepSpeed", () => {
  const draw = (options: Parameters<typeof deepSpeedFixedPattern>[0], causal = false) =>
    drawPattern(deepSpeedFixedPattern(options), options.blocks, { causal });
  assertEquals(draw({ blocks: 8 }), published.fixed_bi);
  assertEquals(draw({ blocks: 8 }, true), published.fixed_uni);
  assertEquals(draw({ blocks: 8, horizontal: true }), published.fixed_horizontal);
  assertEquals(draw({ blocks: 10, global: 2 }), published.fixed_short); // a last window cut short
  published.fixed_patterns.forEach((layout, variant) => {
    assertEquals(draw({ blocks: 8, variant }, true), layout);
  });
});

Deno.test("deepSpeedVariablePattern() gives the layouts of DeepSpeed", () => {
  const draw = (options: Parameters<typeof deepSpeedVariablePattern>[0], causal = false) =>
    drawPattern(deepSpeedVariablePattern(options), 10, { causal });
  assertEquals(draw({ windows: [1, 3, 2], global: [[0, 1], [5, 6]] }), published.var);
  assertEquals(draw({ windows: [4, 2], global: [[0, 1], [6, 7]] }, true), published.var_uni);
  const stretches = [[0, 2], [6, 7]] as const;
  assertEquals(draw({ windows: [2], global: stretches, horizontal: true }), published.var_ends);
});

Deno.test("windows that global blocks do not fit are refused", () => {
  assertThrows(
    () => deepSpeedFixedPattern({ blocks: 8, local: 4, global: 3 }),
    RangeError,
    "fit evenly",
  );
  assertThrows(() => deepSpeedFixedPattern({ blocks: 8, variant: 4 }), RangeError, "5 groups");
  assertThrows(
    () => deepSpeedVariablePattern({ windows: [] }),
    RangeError,
    "the number of windows",
  );
  assertThrows(() => deepSpeedVariablePattern({ windows: [0] }), RangeError, "a window");
  assertThrows(() => deepSpeedVariablePattern({ global: [[2, 2]] }), RangeError, "their end");
});
