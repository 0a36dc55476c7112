import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { layerSwap, swapBreakEven } from "@fewer-bytes/training";

const work = { model: findModel("llama-2-7b"), hardware: findHardware("nvidia-a100-sxm-80gb") };
const at = (tokens: number, devices = 1) =>
  layerSwap({ ...work, devices, batch: { sequences: 1, tokens } });

Deno.test("bytes grow with the length, computation with its square where sequences are long", () => {
  const [short, long] = [at(2 ** 20), at(2 ** 21)];
  assertAlmostEquals(Math.log2(long.bytes / short.bytes), 1, 1e-9);
  assertAlmostEquals(Math.log2(long.compute / short.compute), 2, 0.1);
  assertAlmostEquals(Math.log2(at(2048).compute / at(1024).compute), 1, 0.1);
});

Deno.test("a layer of Llama-2-7B sends 16 inputs' worth a token: counted by hand", () => {
  // norms 2, queries' input, queries, keys, values, output, feed-forward's input; gate, up, product; sums of softmax
  const values = 8 * 4096 + 3 * 11008;
  assertEquals(at(1).bytes, 2 * values + 4 * 32);
  assertEquals(at(1).always, 2 * 2 * 4096);
  assertAlmostEquals(at(1000).transfer, at(1000).bytes / 32e9, 1e-12);
});

Deno.test("devices that split a layer with its sequence change neither side's balance but for their talk", () => {
  const [one, eight] = [at(262_144), at(262_144, 8)];
  assertAlmostEquals(eight.bytes, one.bytes / 8, 1);
  assert(eight.compute > one.compute / 8 && eight.compute < 1.3 * one.compute / 8);
});

Deno.test("swapBreakEven() is where both sides meet, and where a calculation by hand puts it", () => {
  const tokens = swapBreakEven(work);
  const [before, there] = [at(tokens - 1), at(tokens)];
  assert(there.compute >= there.transfer && before.compute < before.transfer);
  // By hand: 131,712 B a token over 32 GB/s; 2 · 202,375,168 weights and 2 · 4096 · L of causal attention at 312 TFLOP/s;
  // norms and activation function read and write 2 · 2 · (2 · 4096 + 1.5 · 11,008) B at 2.039 TB/s.
  const left = 131_712 / 32e9 - 2 * 202_375_168 / 312e12 - 4 * (8192 + 16_512) / 2.039e12;
  assertAlmostEquals(tokens / (left * 312e12 / 8192), 1, 0.01);
  assert(swapBreakEven({ ...work, hardware: findHardware("nvidia-h100-sxm") }) > tokens);
});

Deno.test("with a window attention stops growing, and there may be no break-even", () => {
  const model = findModel("mistral-7b-v0.1");
  assertThrows(() => swapBreakEven({ ...work, model }), RangeError, "grow faster than bytes");
});

Deno.test("a device without a way to a host is refused", () => {
  const hardware = findHardware("apple-m2-ultra");
  const batch = { sequences: 1, tokens: 1 };
  assertThrows(() => layerSwap({ ...work, hardware, batch }), RangeError, "no PCIe link");
});
