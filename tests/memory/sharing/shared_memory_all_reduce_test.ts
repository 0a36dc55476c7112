import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { ringAllReduce } from "@fewer-bytes/disaggregation";
import { sharedMemoryAllReduce } from "@fewer-bytes/memory";

const memory = { bandwidth: 4.8e12, write: 90e-9, read: 220e-9, notify: 40e-9 };

Deno.test("small messages take three latencies, large ones a pass", () => {
  assertAlmostEquals(sharedMemoryAllReduce(0, memory), 350e-9, 1e-15);
  assertAlmostEquals(sharedMemoryAllReduce(4.8e12, memory), 1, 1e-6);
});

Deno.test("against a ring of n over NVLink the gain is (ratio of bandwidths) x 2 (n - 1) / n by bytes", () => {
  for (const devices of [2, 4, 8]) {
    const ring = ringAllReduce(1e12, { devices, bandwidth: 450e9 });
    assertAlmostEquals(
      ring / sharedMemoryAllReduce(1e12, memory),
      4800 / 450 * 2 * (devices - 1) / devices,
      0.01,
    );
  }
});

Deno.test("FengHuang's 16 to 70 lie between the large messages of four and the small ones of eight", () => {
  const gain = (bytes: number, devices: number, latency: number) =>
    ringAllReduce(bytes, { devices, bandwidth: 450e9, latency }) /
    sharedMemoryAllReduce(bytes, memory);
  assertAlmostEquals(gain(1e10, 4, 2e-6), 16, 0.1);
  const small = [1.5e-6, 2e-6].map((latency) => gain(1024, 8, latency));
  assert(small[0]! < 70 && 70 < small[1]!);
});

Deno.test("an all-reduce in memory refuses latencies and bandwidths that are none", () => {
  assertThrows(() => sharedMemoryAllReduce(-1, memory), RangeError, "the bytes");
  assertThrows(
    () => sharedMemoryAllReduce(1, { ...memory, bandwidth: 0 }),
    RangeError,
    "the bandwidth",
  );
  assertThrows(() => sharedMemoryAllReduce(1, { ...memory, read: NaN }), RangeError, "to read");
});
