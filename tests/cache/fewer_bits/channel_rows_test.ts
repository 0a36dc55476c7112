import { assert, assertEquals, assertThrows } from "@std/assert";
import { ChannelRows, roundAffineGroup } from "@fewer-bytes/cache";
import { seeded } from "@fewer-bytes/numeric";
import fc from "fast-check";

const random = seeded(4);
const draw = () => Float32Array.from({ length: 3 }, () => random.normal());

Deno.test("ChannelRows rounds whole windows, group by group and channel by channel", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: 1, max: 30 }),
      (groups, count) => {
        const together = Math.max(1, groups) * 4;
        const store = new ChannelRows(3, { bits: 2, groupSize: 4, window: 4 * groups });
        const rows = Array.from({ length: count }, draw);
        for (const row of rows) store.append(row);
        const rounded = count - count % together;
        for (let channel = 0; channel < 3; channel++) {
          for (let start = 0; start < count; start += 4) {
            const group = Float32Array.from(rows.slice(start, start + 4), (row) => row[channel]!);
            if (start < rounded) roundAffineGroup(group, 0, 1, 4, 2);
            group.forEach((value, i) => assertEquals(store.rows[3 * (start + i) + channel], value));
          }
        }
        assertEquals(8 * store.bytes, 3 * (rounded * 10 + (count - rounded) * 32));
        assertEquals(8 * store.written, 3 * (rounded * 10 + count * 32));
      },
    ),
  );
});

Deno.test("ChannelRows with a sliding window always leaves the newest rows alone", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 1, max: 30 }),
      (groups, count) => {
        const window = 2 * groups;
        const store = new ChannelRows(3, { bits: 1, groupSize: 2, window, sliding: true });
        const rows = Array.from({ length: count }, draw);
        for (const row of rows) store.append(row);
        const rounded = 2 * Math.floor(Math.max(0, count - window) / 2);
        assertEquals(8 * store.bytes, 3 * (rounded * (1 + 16) + (count - rounded) * 32));
        for (let row = rounded; row < count; row++) {
          assertEquals([...store.rows.subarray(3 * row, 3 * row + 3)], [...rows[row]!]);
        }
      },
    ),
  );
});

Deno.test("ChannelRows tells which rows it rounded", () => {
  const store = new ChannelRows(3, { bits: 2, groupSize: 2, window: 4 });
  const told = Array.from({ length: 8 }, () => store.append(draw()));
  assert(told.every(([from, to], i) => i % 4 === 3 ? from === i - 3 && to === i + 1 : from === to));
});

Deno.test("ChannelRows refuses a window that is not whole groups", () => {
  const make = (window: number) => () => new ChannelRows(3, { bits: 2, groupSize: 4, window });
  assertThrows(make(6), RangeError, "whole groups of 4: current value is 6");
  assertThrows(make(-4), RangeError, "the window");
});
