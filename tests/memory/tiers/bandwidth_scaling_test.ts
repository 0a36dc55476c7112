import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { scaleBandwidth } from "@fewer-bytes/memory";

const deployment = {
  model: findModel("llama-3.1-8b"),
  hardware: findHardware("nvidia-a100-sxm-80gb"),
};
const request = { promptTokens: 500, outputTokens: 100 };

Deno.test("an A100 with the bandwidth of an H100 decodes 1.64 times as much", () => {
  const factor = 3.35e12 / 2.039e12;
  const points = scaleBandwidth(deployment, request, [1, factor]);
  assertAlmostEquals(points[1]!.tokensPerSecond / points[0]!.tokensPerSecond, 1.643, 0.002);
});

Deno.test("the exponent falls from 1 to 0 as bandwidth grows", () => {
  const points = scaleBandwidth(deployment, { ...request, batch: 64 }, [
    0.25,
    0.5,
    1,
    16,
    256,
    4096,
  ]);
  const exponents = points.slice(1).map(({ exponent }) => exponent!);
  assertAlmostEquals(exponents[0]!, 1, 0.02);
  for (let index = 1; index < exponents.length; index++) {
    assert(exponents[index]! <= exponents[index - 1]! + 1e-9);
  }
  assert(exponents.at(-1)! < 0.05);
});

Deno.test("scaleBandwidth() refuses factors that do not rise or are none", () => {
  assertThrows(() => scaleBandwidth(deployment, request, [2, 1]), RangeError, "must rise");
  assertThrows(
    () => scaleBandwidth(deployment, request, [0]),
    RangeError,
    "the factor must be > 0",
  );
});
