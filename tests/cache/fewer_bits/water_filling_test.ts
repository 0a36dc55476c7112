import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { codingGain, waterFilling } from "@fewer-bytes/cache";
import { gaussianBound } from "@fewer-bytes/quantization";
import fc from "fast-check";

const variances = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), {
  minLength: 1,
  maxLength: 8,
});
const bits = fc.double({ min: 0, max: 8, noNaN: true });

Deno.test("waterFilling() spends its bits, and leaves each channel the level or all of its variance", () => {
  fc.assert(fc.property(variances, bits, (variances, mean) => {
    const { bits, level, distortion } = waterFilling(variances, mean);
    const spent = bits.reduce((sum, b) => sum + b, 0) / variances.length;
    assertAlmostEquals(spent, mean, 1e-6);
    let sum = 0;
    variances.forEach((variance, i) => {
      const left = variance * gaussianBound(bits[i]!);
      assertAlmostEquals(left, Math.min(variance, level), 1e-9 + 1e-6 * variance);
      sum += left;
    });
    assertAlmostEquals(distortion, sum / variances.length, 1e-9 + 1e-6 * sum);
  }));
});

Deno.test("waterFilling() is not beaten by moving bits from one channel to another", () => {
  fc.assert(fc.property(variances, bits, fc.nat(7), fc.nat(7), (variances, mean, a, b) => {
    const { bits, distortion } = waterFilling(variances, mean);
    const [from, to] = [a % variances.length, b % variances.length];
    const moved = Math.min(0.3, bits[from]!);
    if (from === to) return;
    bits[from]! -= moved;
    bits[to]! += moved;
    const other = variances.reduce((sum, v, i) => sum + v * gaussianBound(bits[i]!), 0);
    assert(other / variances.length >= distortion * (1 - 1e-6));
  }));
});

Deno.test("codingGain() is what waterFilling() wins over bits spread evenly, when all channels get some", () => {
  const variances = [9, 4, 1, 0.5];
  const even = variances.reduce((sum, v) => sum + v, 0) / 4 * gaussianBound(5);
  assertAlmostEquals(even / waterFilling(variances, 5).distortion, codingGain(variances), 1e-6);
  assertAlmostEquals(codingGain([3, 3, 3]), 1);
  assertEquals(codingGain([3, 0]), Infinity);
});

Deno.test("waterFilling() gives nothing to a channel that is below the level", () => {
  const { bits, level } = waterFilling([100, 1e-3, 0], 1);
  assertEquals([bits[1], bits[2]], [0, 0]);
  assertAlmostEquals(bits[0]!, 3, 1e-9);
  assertAlmostEquals(level, 100 / 64, 1e-9);
});

Deno.test("waterFilling() and codingGain() refuse variances that cannot be", () => {
  assertThrows(() => waterFilling([0, 0], 1), RangeError, "the largest variance");
  assertThrows(() => waterFilling([], 1), RangeError, "the largest variance");
  assertThrows(() => waterFilling([1, -1], 1), RangeError, "a variance");
  assertThrows(() => waterFilling([1], -1), RangeError, "bits");
  assertThrows(() => codingGain([1, -1]), RangeError, "a variance");
  assertThrows(() => codingGain([]), RangeError, "sum of variances");
});
