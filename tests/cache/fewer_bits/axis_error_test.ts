import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { affineFormat, axisError, outlierKeys, relativeError } from "@fewer-bytes/cache";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const random = seeded(1);
const gaussian = new Matrix(64, 32, Float32Array.from({ length: 2048 }, () => random.normal()));

Deno.test("axisError() finds no better axis where all channels are alike", () => {
  const { token, channel } = axisError(gaussian, { bits: 2, groupSize: 32 });
  assertAlmostEquals(token, channel, 0.1 * token);
});

Deno.test("axisError() changes sides when rows and columns do", () => {
  const keys = outlierKeys({ tokens: 32, channels: 32, random: seeded(2) });
  const grid = { bits: 2, groupSize: 32 };
  const [plain, turned] = [axisError(keys, grid), axisError(keys.transpose(), grid)];
  assertAlmostEquals(plain.token, turned.channel, 1e-6);
  assertAlmostEquals(plain.channel, turned.token, 1e-6);
  assert(plain.channel < plain.token / 10);
});

Deno.test("relativeError() is the error of a format over the size of the numbers", () => {
  const back = affineFormat(4, 32).roundTrip(gaussian.data);
  const direct = Math.hypot(...gaussian.data.map((x, i) => x - back[i]!)) ** 2 /
    Math.hypot(...gaussian.data) ** 2;
  assertAlmostEquals(relativeError(gaussian.data, back), direct, 1e-6);
});

Deno.test("axisError() refuses tokens that are not whole groups, and relativeError() zeros", () => {
  assertThrows(() => axisError(gaussian, { bits: 2, groupSize: 48 }), RangeError, "groups of 48");
  const none = new Matrix(0, 32, new Float32Array(0));
  assertThrows(() => axisError(none, { bits: 2, groupSize: 32 }), RangeError, "number is 0");
  const zeros = new Float32Array(4);
  assertThrows(() => relativeError(zeros, zeros), RangeError, "some number must not be zero");
});
