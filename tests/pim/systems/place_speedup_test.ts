import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
import { launchBoundSeconds, placeSpeedup } from "@fewer-bytes/pim";

const pair = { baseline: findHardware("nvidia-t4"), device: findPim("pim-gpt") };
const at = (name: string, claimed: number) =>
  placeSpeedup({ model: findModel(name), context: 512 }, pair, claimed);

Deno.test("rooflines explain 7.5 of PIM-GPT's 41 to 137 times; the T4 would have reached 17 to 60 of its 320 GB/s", () => {
  for (const name of ["gpt2", "gpt2-xl"]) {
    assertAlmostEquals(at(name, 41).expected, 7.5, 0.1);
    assertAlmostEquals(at(name, 137).baselineBandwidth / 1e9, 17, 1);
    assertAlmostEquals(at(name, 41).baselineBandwidth / 1e9, 58, 2);
  }
});

Deno.test("a baseline of forty launches a layer, 30 µs each, gives 137 for the smallest and 41 for the largest", () => {
  const ofLaunches = (name: string, layers: number) => {
    const { expected, baselineSeconds } = at(name, 1);
    const roofline = expected * baselineSeconds; // at a speedup of 1 the baseline takes what the memory takes
    return launchBoundSeconds(roofline, layers * 40, 30e-6) / baselineSeconds;
  };
  assert(Math.abs(ofLaunches("gpt2", 12) / 137 - 1) < 0.1);
  assert(Math.abs(ofLaunches("gpt2-xl", 48) / 41 - 1) < 0.1);
});

Deno.test("placeSpeedup() leaves nothing unexplained of what rooflines give", () => {
  const { expected } = at("gpt2-xl", 1);
  assertAlmostEquals(at("gpt2-xl", expected).unexplained, 1, 1e-12);
  assertAlmostEquals(at("gpt2-xl", expected).baselineBandwidth, 320e9, 1);
  assertThrows(() => at("gpt2", 0), RangeError, "claimed speedup");
});
