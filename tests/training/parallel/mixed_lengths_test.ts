import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { groupsByNeed, type MixedLengths, staticGroups } from "@fewer-bytes/training";
import fc from "fast-check";

const work: MixedLengths = {
  lengths: [1000, 1000, 1000, 1000],
  devices: 4,
  tokensPerDevice: 1000,
  context: 2000,
  seconds: (tokens) => tokens / 1000,
  exchangedBytes: 1,
  bandwidth: 1e9,
};

Deno.test("equal short sequences by hand: two packs on two pairs, or each on its own device", () => {
  assertEquals(staticGroups(work).seconds, 1);
  assertEquals(staticGroups(work).exchanged, 2 * 2 * 1000); // each of a pair sends its half, in two packs
  assertEquals(groupsByNeed(work).seconds, 1);
  assertEquals(groupsByNeed(work).exchanged, 0);
});

Deno.test("a slow link is waited for by short sequences only in static groups", () => {
  const slow = { ...work, bandwidth: 100 };
  assertEquals(staticGroups(slow).seconds, 10); // 1000 bytes
  assertEquals(groupsByNeed(slow).seconds, 1);
});

Deno.test("packs of equal length differ in work, which balance mends", () => {
  const lengths = [8000, ...Array.from({ length: 24 }, () => 1000)];
  const uneven = {
    ...work,
    lengths,
    devices: 8,
    tokensPerDevice: 8000,
    context: 8000,
    seconds: (tokens: number) => (tokens / 1000) ** 2,
  };
  assertEquals(staticGroups(uneven).seconds, 64);
  assertAlmostEquals(staticGroups(uneven).utilization, 88 / (8 * 64), 1e-12);
  assertEquals(groupsByNeed(uneven).seconds, 64); // one sequence that fits one device takes its time
  assertEquals(groupsByNeed({ ...uneven, tokensPerDevice: 1000 }).seconds, 11); // 8 devices for the long one, 3 short each
});

Deno.test("no schedule ends before the work is divided evenly, nor before the longest sequence is done", () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 40 });
  fc.assert(fc.property(lengths, fc.integer({ min: 2, max: 12 }), (some, devices) => {
    const mixed = { ...work, lengths: some, devices, seconds: (tokens: number) => tokens ** 2 };
    const even = some.reduce((sum, tokens) => sum + tokens ** 2, 0) / devices;
    for (const { seconds, utilization } of [staticGroups(mixed), groupsByNeed(mixed)]) {
      assert(seconds >= even * (1 - 1e-9) && utilization <= 1 + 1e-9);
    }
  }));
});

Deno.test("balance is worth most of the gain where lengths are heavy-tailed, as ByteScale's ablation says", () => {
  const random = seeded(18);
  const lengths = Array.from(
    { length: 400 },
    () => Math.min(262_144, Math.ceil(random.logNormal(7.5, 1.6))),
  );
  const mixed = {
    lengths,
    devices: 64,
    tokensPerDevice: 8192,
    context: 262_144,
    seconds: (tokens: number) => 1e-4 * tokens + 1e-9 * tokens ** 2,
    exchangedBytes: 524_288,
    bandwidth: 25e9,
  };
  const [fixed, naive, balanced] = [
    staticGroups(mixed),
    groupsByNeed(mixed, false),
    groupsByNeed(mixed),
  ];
  assert(fixed.seconds > balanced.seconds && naive.seconds > balanced.seconds);
  assert(fixed.exchanged > 3 * balanced.exchanged);
});

Deno.test("sequences and groups that are too large are refused", () => {
  assertThrows(() => staticGroups({ ...work, lengths: [2001] }), RangeError, "<= the context");
  assertThrows(() => staticGroups({ ...work, context: 8000 }), RangeError, "groups of 8");
  const long = { ...work, context: 8000, lengths: [8000] };
  assertThrows(() => groupsByNeed(long), RangeError, "8 devices must be there");
  assertThrows(() => groupsByNeed({ ...work, lengths: [] }), RangeError, "there is none");
  assertThrows(() => groupsByNeed({ ...work, bandwidth: NaN }), RangeError, "the bandwidth");
});
