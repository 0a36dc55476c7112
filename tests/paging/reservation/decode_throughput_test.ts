import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import { decodeThroughput } from "@fewer-bytes/paging";

const model = findModel("opt-13b");
const hardware = findHardware("nvidia-a100-sxm-40gb");
const device = { model, hardware, context: 450, memoryShare: 0.97 };

Deno.test("OPT-13B leaves room for about 15,700 tokens on 40 GB, as in table 1 of Kwon et al. 2023", () => {
  const { places } = decodeThroughput({ ...device, occupied: 1 });
  assert(Math.abs(places / 15_700 - 1) < 0.05, `${places} places`);
});

Deno.test("throughput grows with what is occupied, by less than the batch", () => {
  const at = (occupied: number) => decodeThroughput({ ...device, occupied });
  const [max, oracle, paged] = [at(0.204), at(0.382), at(0.963)];
  assertEquals([max.batch, oracle.batch], [7, 13]);
  for (const before of [max, oracle]) {
    const gain = paged.tokensPerSecond / before.tokensPerSecond;
    assert(gain > 2 && gain < 4 && gain < paged.batch / before.batch, `${gain}`);
  }
});

Deno.test("the time of a step is weights and caches over bandwidth, while decoding waits for memory", () => {
  const { batch, tokensPerSecond } = decodeThroughput({ ...device, occupied: 0.5 });
  const bytes = 25.7e9 + batch * 450 * 819_200;
  assertAlmostEquals(tokensPerSecond / (batch * hardware.memory[0].bandwidth / bytes), 1, 0.02);
});

Deno.test("four-bit weights and no waste give a 30B model more than four times the throughput on one device", () => {
  const large = { model: findModel("opt-30b"), hardware: findHardware("nvidia-a100-sxm-80gb") };
  const before = decodeThroughput({ ...large, context: 450, occupied: 0.382 });
  const formats = {
    weights: { format: "int4", groupSize: 128, scaleBits: 16 },
    cache: "bf16",
    activations: "bf16",
  } as const;
  const after = decodeThroughput({ ...large, context: 450, occupied: 0.963, formats });
  assert(after.tokensPerSecond > 4 * before.tokensPerSecond);
});

Deno.test("decodeThroughput() refuses what does not fit, and shares that are none", () => {
  const huge = { ...device, model: findModel("opt-66b") };
  assertThrows(() => decodeThroughput({ ...huge, occupied: 1 }), RangeError, "must fit on");
  assertThrows(() => decodeThroughput({ ...device, occupied: 1, context: 1e6 }), RangeError);
  assertThrows(() => decodeThroughput({ ...device, occupied: 1.1 }), RangeError, "occupied");
  assertThrows(() => decodeThroughput({ ...device, occupied: NaN }), RangeError, "occupied");
});
