import { assert, assertEquals, assertExists, assertThrows } from "@std/assert";
import { findHardware, findModel, modelNames } from "@fewer-bytes/catalog";
import { findSystem, modeledSystems, systemStatuses } from "@fewer-bytes/claims";

Deno.test("each modeled system is a system, and the function named for it works on its example", () => {
  for (const [id, { by, show }] of Object.entries(modeledSystems)) {
    findSystem(id);
    assert(by.name, id);
    assertExists(show(), id);
  }
});

Deno.test("systemStatuses() answers for all 279 systems, and names a function exactly for those that work", () => {
  const statuses = systemStatuses();
  assertEquals(statuses.length, 279);
  for (const { id, works, by } of statuses) assertEquals(by !== null, works, id);
  assertEquals(statuses.filter(({ works }) => works).length, Object.keys(modeledSystems).length);
});

Deno.test("systemStatuses() knows of the systems of chapters 00 to 02 which are not modeled", () => {
  const early = systemStatuses().filter(({ chapter }) => /^0[012]$/.test(chapter));
  assertEquals(early.length, 20);
  assertEquals(early.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "foundation-model-inference-kdd", // a survey
    "smola-efficiency-notes", // not all of its figures are derived yet
    "yalm", // no efficiency of each of its optimizations
  ]);
});

Deno.test("systemStatuses() knows of the systems of chapter 03 which are not modeled", () => {
  const formats = systemStatuses().filter(({ chapter }) => chapter === "03");
  assertEquals(formats.length, 29);
  assertEquals(formats.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "bit-weight-tpe", // a circuit
    "convfusion", // kernels of convolutional networks
    "cuda-data-layout", // the layout of threads on a GPU
    "cutlass-cublas", // kernels that others are measured against
    "gpu-optimization-survey", // a survey
    "laconic", // a circuit
    "optimization-rush-blog", // figures, whose content is modeled under other names
    "palm-mtnlg", // models that another chapter projects from
    "quantization-strategy-evaluation", // benchmarks of trained models
    "triton-ladder-quantllm-marlin", // kernels that others are measured against
  ]);
});

Deno.test("systemStatuses() has all systems of chapter 04 modeled", () => {
  const outliers = systemStatuses().filter(({ chapter }) => chapter === "04");
  assertEquals(outliers.map(({ works }) => works), new Array(10).fill(true));
});

Deno.test("systemStatuses() knows of the systems of chapter 05 which are not modeled", () => {
  const sparse = systemStatuses().filter(({ chapter }) => chapter === "05");
  assertEquals(sparse.length, 6);
  assertEquals(sparse.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "smash", // a program for a processor that the catalog does not hold; not the bitmaps of that name
    "spmm-locality-cpu", // orders of rows for the caches of a processor
  ]);
});

Deno.test("systemStatuses() has all systems of chapter 06 modeled", () => {
  const kinds = systemStatuses().filter(({ chapter }) => chapter === "06");
  assertEquals(kinds.map(({ works }) => works), new Array(12).fill(true));
});

Deno.test("systemStatuses() knows of the systems of chapter 07 which are not modeled", () => {
  const fused = systemStatuses().filter(({ chapter }) => chapter === "07");
  assertEquals(fused.length, 14);
  assertEquals(fused.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "fused-kernel-library", // a library that writes kernels; what fusing a chain saves is derived
    "pytorch-jax-integrations", // where the kernels are shipped
    "xformers", // a library of such kernels
  ]);
});

Deno.test("systemStatuses() knows of the system of chapter 08 which is not modeled", () => {
  const caches = systemStatuses().filter(({ chapter }) => chapter === "08");
  assertEquals(caches.length, 13);
  assertEquals(caches.filter(({ works }) => !works).map(({ id }) => id), ["kv-cache-survey"]);
});

Deno.test("systemStatuses() knows of the systems of chapter 09 which are not modeled", () => {
  const sparse = systemStatuses().filter(({ chapter }) => chapter === "09");
  assertEquals(sparse.length, 13);
  assertEquals(sparse.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "a3-mnnfast", // circuits that another chapter's are measured against
    "thus-spake-long-context", // a survey
  ]);
});

Deno.test("systemStatuses() knows of the systems of chapter 10 which are not modeled", () => {
  const drafts = systemStatuses().filter(({ chapter }) => chapter === "10");
  assertEquals(drafts.length, 8);
  assertEquals(drafts.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "gpu-google-deployment", // a report of a deployment
    "knowledge-distillation-survey", // a survey
  ]);
});

Deno.test("systemStatuses() knows of the system of chapter 11 which is not modeled", () => {
  const pages = systemStatuses().filter(({ chapter }) => chapter === "11");
  assertEquals(pages.length, 8);
  // a library of kernels that others are measured against
  assertEquals(pages.filter(({ works }) => !works).map(({ id }) => id), ["flashinfer"]);
});

Deno.test("systemStatuses() knows of the system of chapter 12 which is not modeled", () => {
  const serving = systemStatuses().filter(({ chapter }) => chapter === "12");
  assertEquals(serving.length, 9);
  // kernels, and a model split over devices
  assertEquals(serving.filter(({ works }) => !works).map(({ id }) => id), ["deepspeed-inference"]);
});

Deno.test("systemStatuses() has all systems of chapter 13 modeled", () => {
  const pools = systemStatuses().filter(({ chapter }) => chapter === "13");
  assertEquals(pools.map(({ works }) => works), new Array(7).fill(true));
});

Deno.test("systemStatuses() knows of the system of chapter 14 which is not modeled", () => {
  const tiers = systemStatuses().filter(({ chapter }) => chapter === "14");
  assertEquals(tiers.length, 13);
  // a survey
  assertEquals(tiers.filter(({ works }) => !works).map(({ id }) => id), [
    "llm-inference-hardware-survey",
  ]);
});

Deno.test("systemStatuses() knows of the systems of chapter 15 which are not modeled", () => {
  const memories = systemStatuses().filter(({ chapter }) => chapter === "15");
  assertEquals(memories.length, 23);
  assertEquals(memories.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "allspark", // an order of work for vision transformers
    "cim-codesign-kim", // a study of circuits
    "cim-in-tpus", // a circuit in place of another
    "cim-review-snasel", // a survey
    "memory-is-all-you-need", // a survey
    "memristor-attention", // a circuit
    "multiply-less-sram-cim", // a circuit
    "unnamed-pim-study", // not named, so nothing of it is known; its claim is held against another design
  ]);
});

Deno.test("systemStatuses() knows of the system of chapter 16 which is not modeled", () => {
  const offload = systemStatuses().filter(({ chapter }) => chapter === "16");
  assertEquals(offload.length, 16);
  // processors that others are measured on; the sources do not say with what memory
  assertEquals(offload.filter(({ works }) => !works).map(({ id }) => id), ["cpu-baselines"]);
});

Deno.test("systemStatuses() knows of the system of chapter 17 which is not modeled", () => {
  const experts = systemStatuses().filter(({ chapter }) => chapter === "17");
  assertEquals(experts.length, 8);
  // a survey
  assertEquals(experts.filter(({ works }) => !works).map(({ id }) => id), ["moe-inference-survey"]);
});

Deno.test("systemStatuses() knows of the systems of chapter 18 which are not modeled", () => {
  const training = systemStatuses().filter(({ chapter }) => chapter === "18");
  assertEquals(training.length, 40);
  assertEquals(training.filter(({ works }) => !works).map(({ id }) => id).toSorted(), [
    "capuchin", // which tensors to drop or send, decided from accesses that are watched while it runs
    "deepspeed", // a library; what it ships is modeled under the names of its parts
    "delta", // the same choice, tensor by tensor
    "dtr", // a rule for graphs that grow while they are computed
    "efficient-remat-kumar", // schedules for graphs, where ours are for chains
    "hf-fit-bigger-model", // a guide
    "holmes", // a scheduler for clusters whose networks differ; its claim is derived
    "kuaishou-remat-hybrid", // stages of a pipeline
    "llm-training-infrastructure-survey", // a survey
    "martens-hf", // an optimizer, cited for an old idea
    "offmate", // the same choice on one device
    "overlapped-recomputation", // recomputation while devices talk
    "pollara", // a network card
    "remat-offload-combination", // one program for both ways
    "swapadvisor", // a search over graphs
    "t5-11b", // an encoder with its decoder
    "xengine", // schedules over unlike devices
    "zhao-thesis", // a thesis
  ]);
});

Deno.test("the catalog holds the members of the families that are said to be modeled", () => {
  for (
    const name of [
      "llama-2-7b",
      "llama-2-70b",
      "llama-3.1-70b",
      "llama-3.2-1b",
      "gemma-2-9b",
      "qwen3-235b-a22b",
    ]
  ) {
    findModel(name);
  }
  for (
    const id of [
      "nvidia-rtx-4090",
      "nvidia-rtx-a6000",
      "nvidia-rtx-4060",
      "nvidia-t4",
      "nvidia-titan-xp",
    ]
  ) {
    findHardware(id);
  }
  assert(!modelNames.includes("qwen3-4b"), "name Qwen3-4B as modeled too");
  assertThrows(() => findModel("qwen3-4b"), RangeError);
});
