import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { devicesOf, gatherTraffic, type LinkLevel } from "@fewer-bytes/training";
import fc from "fast-check";

const level = (name: string, units: number, bandwidth = 1): LinkLevel => ({
  name,
  units,
  bandwidth,
});

/** Devices that hold sets of parts and pass them on, level by level: what the first of them receives. */
function played(units: readonly number[]): number[] {
  const devices = units.reduce((product, some) => product * some, 1);
  let held = Array.from({ length: devices }, (_, device) => new Set([device]));
  const received = units.map(() => 0);
  for (let index = units.length - 1; index >= 0; index--) {
    const stride = units.slice(0, index).reduce((product, some) => product * some, 1);
    held = held.map((own, device) => {
      const place = Math.floor(device / stride) % units[index]!;
      const all = new Set(own);
      for (let other = 0; other < units[index]!; other++) {
        for (const part of held[device + (other - place) * stride]!) all.add(part);
      }
      if (device === 0) received[index] = all.size - own.size;
      return all;
    });
  }
  assertEquals(held[0]!.size, devices, "every device has everything");
  return received;
}

Deno.test("gatherTraffic() is what devices receive when parts are passed on level by level", () => {
  const units = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(units, (some) => {
    const levels = some.map((count, index) => level(`level ${index}`, count));
    const found = gatherTraffic(devicesOf(levels), levels).map(({ bytes }) => bytes);
    played(some).forEach((wanted, index) => assertAlmostEquals(found[index]!, wanted, 1e-9));
  }));
});

Deno.test("all levels together carry (N - 1)/N, whatever their order", () => {
  const sum = (levels: LinkLevel[]) =>
    gatherTraffic(1, levels).reduce((total, { bytes }) => total + bytes, 0);
  const levels = [level("a", 2), level("b", 4), level("c", 48)];
  assertAlmostEquals(sum(levels), 383 / 384, 1e-12);
  assertAlmostEquals(sum(levels.toReversed()), 383 / 384, 1e-12);
});

Deno.test("a level's seconds are its bytes over its bandwidth", () => {
  const [inner, outer] = gatherTraffic(8, [level("a", 2, 10), level("b", 2, 4)]);
  assertEquals([inner!.seconds, outer!.seconds], [4 / 10, 2 / 4]);
});

Deno.test("levels that are none are refused", () => {
  assertThrows(() => gatherTraffic(1, [level("a", 0)]), RangeError, "units of a");
  assertThrows(() => gatherTraffic(1, [level("a", 2, 0)]), RangeError, "bandwidth of a");
  assertThrows(() => gatherTraffic(NaN, [level("a", 2)]), RangeError, "the bytes");
});
