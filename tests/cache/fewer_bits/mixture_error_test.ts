import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { affineFormat, ChannelRows, mixtureError, relativeError } from "@fewer-bytes/cache";
import { Matrix, seeded } from "@fewer-bytes/numeric";

const random = seeded(1);
const draws = Array.from({ length: 64 * 32 }, () => random.normal());
// One token in eight is twenty times as loud as the others.
const values = new Matrix(
  64,
  32,
  Float32Array.from(draws, (x, i) => Math.floor(i / 32) % 8 === 0 ? 20 * x : x),
);
const perToken = affineFormat(2, 32).roundTrip(values.data);
const channels = new ChannelRows(32, { bits: 2, groupSize: 32 });
for (let token = 0; token < 64; token++) channels.append(values.row(token));

Deno.test("attention to a quiet token is spoiled by loud ones per channel, and not per token", () => {
  const one = Array.from({ length: 64 }, (_, token) => token === 5 ? 1 : 0);
  const [alone, shared] = [perToken, channels.rows].map((back) => mixtureError(one, values, back));
  assert(alone! < 0.5 && shared! > 5 * alone!, `${alone} per token, ${shared} per channel`);
});

Deno.test("mixtureError() of a single token is the relative error of its row", () => {
  const one = Array.from({ length: 64 }, (_, token) => token === 7 ? 1 : 0);
  const row = perToken.slice(7 * 32, 8 * 32);
  assertAlmostEquals(mixtureError(one, values, perToken), relativeError(values.row(7), row), 1e-9);
});

Deno.test("mixtureError() refuses shares that do not match, and a sum of zero", () => {
  assertThrows(() => mixtureError([1], values, perToken), TypeError, "current number is 1");
  const none = Array.from({ length: 64 }, () => 0);
  assertThrows(() => mixtureError(none, values, perToken), RangeError, "must not be zero");
});
