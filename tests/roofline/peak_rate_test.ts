import { assertEquals, assertThrows } from "@std/assert";
import { findHardware } from "@fewer-bytes/catalog";
import { peakRate } from "@fewer-bytes/roofline";

Deno.test("peakRate() converts to a wider format where a device has no units for one", () => {
  const a100 = findHardware("nvidia-a100-sxm-80gb");
  assertEquals(peakRate(a100, "fp8"), a100.peak.bf16);
  assertEquals(
    peakRate(findHardware("nvidia-h100-sxm"), "int4"),
    findHardware("nvidia-h100-sxm").peak.int8,
  );
  assertEquals(peakRate(findHardware("nvidia-v100-sxm-32gb"), "bf16"), 125e12);
  assertThrows(
    () => peakRate({ ...a100, peak: { fp16: 1 } }, "fp64"),
    RangeError,
    "fp64 on nvidia-a100-sxm-80gb",
  );
});
