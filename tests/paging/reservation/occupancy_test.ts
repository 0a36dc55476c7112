import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { OccupancyMeter } from "@fewer-bytes/paging";

Deno.test("OccupancyMeter gives means over steps that add up to 1", () => {
  const meter = new OccupancyMeter(100);
  meter.add(10, 20, 30, 2);
  meter.add(30, 0, 10, 4);
  const { tokens, reserved, internal, external, ...rest } = meter.mean(5);
  [[tokens, 0.2], [reserved, 0.1], [internal, 0.2], [external, 0.5]].forEach(([share, expected]) =>
    assertAlmostEquals(share!, expected!, 1e-12)
  );
  assertEquals(rest, { requests: 3, steps: 2, preemptions: 5 });
});

Deno.test("OccupancyMeter has no mean of nothing", () => {
  assertThrows(() => new OccupancyMeter(100).mean(), RangeError, "must have waited");
});
