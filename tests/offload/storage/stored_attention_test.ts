import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findComputingDrive, findHardware, findModel } from "@fewer-bytes/catalog";
import { cacheBytesPerToken } from "@fewer-bytes/transformer";
import { explainingPath, storedAttention } from "@fewer-bytes/offload";

const deployment = {
  model: findModel("opt-13b"),
  hardware: findHardware("nvidia-rtx-a6000"),
  formats: { weights: "fp16", cache: "fp16", activations: "fp16" },
} as const;
const drive = findComputingDrive("instinfer-csd");
const gain = (path: number, more: { drives?: number; read?: number } = {}, batch = 64) =>
  storedAttention(deployment, batch, 1536, { drive, path, ...more }).speedup;

Deno.test("storedAttention() moves 819,200 bytes for each cached token, or vectors instead", () => {
  assertAlmostEquals(cacheBytesPerToken(deployment.model), 819_200, 0);
  const { crossing } = storedAttention(deployment, 1, 1023, { drive, path: 1e9 });
  assertAlmostEquals(crossing.loaded / 819_200, 1024, 2);
  assertAlmostEquals(crossing.stored, 40 * 2 * 2 * 5120, 1); // a query and a result in each layer
});

Deno.test("explainingPath() finds 1 to 3 GB/s behind InstAttention's 6.85 with one drive and 10.5 with two", () => {
  const path = (batch: number, drives: number, speedup: number) =>
    explainingPath(deployment, batch, 1536, { drive, drives }, speedup);
  const [one, two] = [path(64, 1, 6.85), path(256, 2, 10.5)];
  assert(one > 1e9 && one < two && two < 3e9); // a second drive helps the path a little: they say "negligible"
  assertAlmostEquals(gain(one), 6.85, 1e-9);
  assertThrows(() => path(64, 1, 0.01), RangeError, "more than 0.019");
});

Deno.test("storedAttention() with two drives reads twice as fast", () => {
  const [one, two] = [1, 2].map((drives) =>
    storedAttention(deployment, 64, 1536, { drive, drives, path: 1e9 })
  );
  assertAlmostEquals((one!.stored - one!.device) / (two!.stored - two!.device), 2, 1e-6);
});

Deno.test("storedAttention() is bounded by the ratio of bandwidths, of drive and of path with memory behind it", () => {
  for (const path of [0.5e9, 1e9, 3e9, 7e9]) {
    assert(gain(path) <= 11.2e9 * (1 / path + 1 / deployment.hardware.memory[0].bandwidth));
  }
  assertAlmostEquals(gain(0.1e9), 112, 2);
});

Deno.test("storedAttention() loses against a host's memory, whose link is faster than the drive's channels", () => {
  assert(gain(32e9) < 0.4);
});

Deno.test("storedAttention() of a part of the cache saves on both sides alike", () => {
  assertAlmostEquals(gain(1.6e9, { read: 1 / 8 }) / gain(1.6e9), 1, 0.05);
});

Deno.test("storedAttention() refuses paths without bandwidth, and shares that are none", () => {
  assertThrows(() => gain(0), RangeError, "the path must be > 0");
  assertThrows(() => gain(1e9, { read: 0 }), RangeError, "above 0");
  assertThrows(() => gain(1e9, { drives: 0 }), RangeError, "drives");
});
