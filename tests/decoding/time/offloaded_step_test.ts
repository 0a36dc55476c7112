import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { decodeSeconds, offloadedSeconds } from "@fewer-bytes/decoding";

const deployment = { model: findModel("llama-2-7b"), hardware: findHardware("nvidia-rtx-4090") };
const place = { context: 100_000 };

Deno.test("offloadedSeconds() takes as long as the link needs for the caches of the layers that are away", () => {
  // 16 layers, keys and values of 4096 numbers of two bytes, over 32 GB/s.
  const bytes = 16 * 2 * 4096 * 2 * 100_000;
  assertAlmostEquals(offloadedSeconds(deployment, place, { layers: 16 }), bytes / 32e9, 1e-9);
  assertAlmostEquals(offloadedSeconds(deployment, { ...place, batch: 3 }), 6 * bytes / 32e9, 1e-9);
  assertAlmostEquals(
    offloadedSeconds(deployment, place, { linkShare: 0.5 }),
    4 * bytes / 32e9,
    1e-9,
  );
});

Deno.test("offloadedSeconds() with nothing away is the device's own step", () => {
  assertEquals(
    offloadedSeconds(deployment, place, { layers: 0 }, 3),
    decodeSeconds(deployment, place, 3),
  );
});

Deno.test("two devices share the load of a link", () => {
  const two = offloadedSeconds({ ...deployment, devices: 2 }, place);
  assertAlmostEquals(two, offloadedSeconds(deployment, place) / 2, 1e-9);
});

Deno.test("layers that are not there are refused, and links that are faster than they are", () => {
  assertThrows(() => offloadedSeconds(deployment, place, { layers: 33 }), RangeError, "<= 32");
  assertThrows(() => offloadedSeconds(deployment, place, { linkShare: 1.1 }), RangeError, "1.1");
});
