import { assertEquals } from "@std/assert";
import { type ParameterStates, parameterStates, updateTraffic } from "@fewer-bytes/training";

const sum = ({ weights, gradients, optimizer }: ParameterStates) => weights + gradients + optimizer;

// ZeRO, section 3.1: 2 + 2 + 12; Megatron-LM's theoretical_memory_usage.py: 18; ZeRO-Infinity, section 3: 20.
Deno.test("the ways of keeping a parameter take the published bytes", () => {
  assertEquals(sum(parameterStates.mixed), 16);
  assertEquals(sum(parameterStates["mixed-precise-gradients"]), 18);
  assertEquals(sum(parameterStates.infinity), 20);
  assertEquals(sum(parameterStates.single), 16);
});

Deno.test("updateTraffic() reads the gradient and the state, and writes the state and the weight", () => {
  // Adam: gradient 2, copy 4, moments 4 + 4 in; copy 4, moments 4 + 4, weight 2 out.
  assertEquals(updateTraffic(parameterStates.mixed), 2 + 4 + 4 + 4 + 4 + 4 + 4 + 2);
});
