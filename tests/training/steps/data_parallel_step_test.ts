import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  dataParallelStep,
  largestMicroBatch,
  offloadEfficiency,
  trainingStep,
  zeroTraffic,
} from "@fewer-bytes/training";
import { parameters } from "@fewer-bytes/transformer";

const link = { name: "a port", bandwidth: 25e9 };
const work = {
  model: findModel("llama-2-7b"),
  hardware: findHardware("nvidia-v100-sxm-32gb"),
  batch: { sequences: 1, tokens: 1024 },
  stage: 3,
  dataParallel: 64,
  recompute: "layers",
} as const;

Deno.test("without overlap the efficiency is ZeRO-Infinity's: compute / (compute + communication)", () => {
  const step = dataParallelStep(work, link);
  const own = trainingStep(work);
  const { total } = zeroTraffic(parameters(work.model).total, { stage: 3, dataParallel: 64 });
  const wanted = offloadEfficiency(own.modelFlops / total, 25e9, own.modelFlops / own.seconds);
  assertAlmostEquals(step.efficiency, wanted, 1e-12);
});

Deno.test("with overlap nothing is waited for that fits into the computation", () => {
  const [none, all] = [0, 1].map((hidden) => dataParallelStep(work, link, hidden));
  assertEquals(none!.exposed, none!.communication);
  assertEquals(all!.exposed, Math.max(0, all!.communication - all!.own.seconds));
  assertEquals(dataParallelStep({ ...work, dataParallel: 1, stage: 0 }, link).efficiency, 1);
});

Deno.test("throughput grows faster than devices, when more of them make room for larger batches", () => {
  const perDevice = [16, 64, 256].map((dataParallel) => {
    const place = { ...work, dataParallel, memoryShare: 0.9 };
    const sequences = largestMicroBatch(place, 1024);
    assert(sequences > 0);
    const batch = { sequences, tokens: 1024 };
    return dataParallelStep({ ...place, batch }, { ...link, bandwidth: 5e9 }).flopsPerDevice;
  });
  assert(perDevice[0]! < perDevice[1]! && perDevice[1]! < perDevice[2]!);
});

Deno.test("links without bandwidth and shares above 1 are refused", () => {
  assertThrows(() => dataParallelStep(work, { ...link, bandwidth: 0 }), RangeError, "of a port");
  assertThrows(() => dataParallelStep(work, link, 1.5), RangeError, "<= 1");
});
