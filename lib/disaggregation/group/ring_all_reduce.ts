import { formula } from "../../numeric/mod.ts";
import {
  type Bytes,
  type BytesPerSecond,
  requireAtLeast,
  requireInteger,
  requirePositive,
  type Seconds,
} from "../../units/mod.ts";

/** The time of a ring all-reduce, as it is printed and computed. */
export const ringAllReduceFormula = formula(
  "seconds = 2 * (n - 1) * (alpha + bytes / (n * bandwidth))",
  {
    seconds: "until every device has the sum",
    n: "devices of the ring",
    alpha: "seconds to start one message",
    bytes: "what each device brings",
    bandwidth: "bytes per second of a link, in one direction",
  },
);

/** A ring of devices. */
export interface Ring {
  readonly devices: number;
  readonly bandwidth: BytesPerSecond;
  /** Seconds to start one message. Default 0. */
  readonly latency?: Seconds;
}

/**
 * How long do devices take to add up what each of them has? In a ring, each cuts its bytes into n pieces and sends one at a
 * time to the next: n − 1 turns until each piece is summed somewhere, n − 1 more until all have all.
 *
 * The bytes that each device sends, 2(n − 1)/n of its own, hardly grow with n; the number of messages does. A decode
 * step has little to send, so it waits for latencies: that is why tensor parallelism ends at some 8 devices.
 *
 * @throws {RangeError} when a value is out of range.
 * @example The hidden state of one token, 16 KB: 8 devices wait for 14 messages
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { ringAllReduce } from "@fewer-bytes/disaggregation";
 *
 * const ring = { devices: 8, bandwidth: 450e9, latency: 2e-6 };
 * assertAlmostEquals(ringAllReduce(16_384, ring), 28.06e-6, 0.01e-6);
 * assertAlmostEquals(ringAllReduce(1e9, ring), 3.92e-3, 0.01e-3);
 * ```
 */
export function ringAllReduce(bytes: Bytes, { devices, bandwidth, latency = 0 }: Ring): Seconds {
  requireAtLeast(bytes, 0, "time an all-reduce", "the bytes");
  requireInteger(devices, 1, "time an all-reduce", "devices");
  requirePositive(bandwidth, "time an all-reduce", "the bandwidth");
  requireAtLeast(latency, 0, "time an all-reduce", "the latency");
  return 2 * (devices - 1) * (latency + bytes / (devices * bandwidth));
}
