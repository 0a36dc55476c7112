import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { expertOperator, imbalance, slowestDevice } from "@fewer-bytes/experts";
import { operatorTime } from "@fewer-bytes/roofline";

const model = findModel("mixtral-8x7b"), hardware = findHardware("nvidia-h100-sxm");

Deno.test("slowestDevice() with one device is the sum over experts, and even loads have no slowest", () => {
  const loads = [5, 0, 3, 3000, 1, 1, 1, 1];
  const sum = loads.reduce(
    (seconds, tokens) => seconds + operatorTime(expertOperator(model, tokens), hardware).seconds,
    0,
  );
  const alone = slowestDevice(model, loads, hardware, 1);
  assertAlmostEquals(alone.slowest, sum, 1e-12);
  assertEquals(alone.slowest, alone.mean);
  const even = slowestDevice(model, new Array<number>(8).fill(9), hardware, 4);
  assertAlmostEquals(even.slowest, even.mean, 1e-15);
});

Deno.test("slowestDevice() waits for the imbalance of tokens where arithmetic decides, and of experts where bytes do", () => {
  const loads = [7, 1, 1, 1, 2, 2, 1, 1];
  const ratio = (times: number) => {
    const { slowest, mean } = slowestDevice(model, loads.map((load) => load * times), hardware, 8);
    return slowest / mean;
  };
  assertAlmostEquals(ratio(4000), imbalance(loads), 1e-6);
  assert(ratio(1) < 1.01);
  const idle = slowestDevice(model, [1, 1, 1, 1, 0, 0, 0, 0], hardware, 2);
  assertAlmostEquals(idle.slowest / idle.mean, 2, 1e-9);
  assertThrows(() => slowestDevice(model, loads, hardware, 3), RangeError, "8 must divide evenly");
});
