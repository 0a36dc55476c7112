import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import type { Weight } from "@fewer-bytes/lm";
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { dequantize, makeBitStack, quantize, storedBits } from "@fewer-bytes/quantization";

function weight(name: string, outputs: number, inputs: number, seed: number, size = 1): Weight {
  const random = seeded(seed);
  const data = Float32Array.from({ length: outputs * inputs }, () => size * random.normal());
  return { name, outputs, inputs, data };
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.hypot(...Array.from(a, (value, i) => value - b[i]!));

Deno.test("makeBitStack() errs less with each block", () => {
  const w = weight("w", 30, 40, 1);
  const { compose, order } = makeBitStack([w], { levels: 6 });
  let last = Math.hypot(...w.data);
  assertAlmostEquals(last ** 2, order[0]!.before, 1e-3);
  for (let count = 1; count <= 6; count++) {
    const error = difference(compose("w", count), w.data);
    assertLess(error, last);
    assertAlmostEquals(error ** 2, order[count - 1]!.after, 1e-3);
    last = error;
  }
});

Deno.test("makeBitStack() beats rounding at 2 bits and loses at 3, with all bytes counted", () => {
  const w = weight("w", 96, 128, 2);
  const { compose, order } = makeBitStack([w], { levels: 3 });
  const stacked = [2, 3].map((count) => ({
    bits: 8 * order.slice(0, count).reduce((sum, { bytes }) => sum + bytes, 0) / w.data.length,
    error: difference(compose("w", count), w.data),
  }));
  const matrix = new Matrix(w.outputs, w.inputs, w.data);
  const rounded = [2, 3].map((bits) => {
    const quantized = quantize(matrix, { bits, groupSize: 32, symmetric: false });
    return {
      bits: storedBits(quantized),
      error: difference(dequantize(quantized).data, w.data),
    };
  });
  assertAlmostEquals(stacked[0]!.bits, rounded[0]!.bits, 0.05); // 2.58 and 2.56
  assertLess(stacked[0]!.error, 0.95 * rounded[0]!.error);
  assertLess(rounded[1]!.bits, stacked[1]!.bits); // 3.59 and 3.88
  assertLess(rounded[1]!.error, 0.9 * stacked[1]!.error);
});

Deno.test("makeBitStack() sorts level by level, the most error for a byte first, or as it is told", () => {
  const weights = [weight("quiet", 16, 16, 1, 0.1), weight("loud", 16, 16, 2, 10)];
  const names = (stack: ReturnType<typeof makeBitStack>) =>
    stack.order.map(({ name, level }) => `${name} ${level}`);
  const stack = makeBitStack(weights, { levels: 2 });
  assertEquals(names(stack), ["loud 0", "quiet 0", "loud 1", "quiet 1"]);
  const told = makeBitStack(weights, {
    levels: 2,
    importance: ({ name }) => name === "quiet" ? 1 : 0,
  });
  assertEquals(names(told), ["quiet 0", "loud 0", "quiet 1", "loud 1"]);
  assertEquals([stack.smallest, stack.largest], [2 * (32 + 64), 4 * (32 + 64)]);
});

Deno.test("makeBitStack() hears the loudness of inputs, and counts its bytes once", () => {
  const w = weight("w", 24, 16, 3);
  const loudness = Array.from({ length: 16 }, (_, i) => i === 5 ? 30 : 1);
  const plain = makeBitStack([w], { levels: 2 });
  const heard = makeBitStack([w], { levels: 2, loudness: () => loudness });
  /** The error of the outputs, when the inputs are as loud as said. */
  const error = ({ compose }: typeof plain) =>
    compose("w", 2).reduce(
      (sum, value, i) => sum + ((value - w.data[i]!) * loudness[i % 16]!) ** 2,
      0,
    );
  assertLess(error(heard), 0.5 * error(plain));
  assertAlmostEquals(error(heard), heard.order[1]!.after, 1e-2);
  assertEquals(heard.largest - plain.largest, 2 * 16);
});

Deno.test("makeBitStack() keeps zeros, and refuses what it cannot store", () => {
  const zeros = { name: "z", outputs: 4, inputs: 4, data: new Float32Array(16) };
  assert(makeBitStack([zeros]).compose("z", 8).every((value) => value === 0));
  const w = weight("w", 4, 4, 1);
  assertThrows(() => makeBitStack([w], { levels: 0 }), RangeError, "levels");
  assertThrows(() => makeBitStack([w], { loudness: () => [1] }), RangeError, "4 inputs");
  assertThrows(() => makeBitStack([w], { loudness: () => [1, 0, 1, 1] }), RangeError, "input 1");
  assertThrows(() => makeBitStack([w]).compose("v", 1), RangeError, "not in the stack");
});
