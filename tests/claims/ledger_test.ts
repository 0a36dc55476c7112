import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  claims,
  ledger,
  ledgerChapters,
  type LedgerEntry,
  type Verdict,
} from "@fewer-bytes/claims";
import { changedCatalog, changes } from "./changed_catalog.ts";

const entries = new Map<string, LedgerEntry>(ledger().map((entry) => [entry.id, entry]));
const entry = (id: string) => entries.get(id)!;

Deno.test("ledger() lists the derived claims by chapter, and all 449 when asked", () => {
  assertEquals(
    [
      "01",
      "02",
      "03",
      "04",
      "05",
      "06",
      "07",
      "08",
      "09",
      "10",
      "11",
      "12",
      "13",
      "14",
      "15",
      "17",
      "18",
      "19",
    ]
      .map((
        chapter,
      ) => ledger(chapter).length),
    [
      28,
      18,
      43,
      30,
      4,
      22,
      30,
      40,
      20,
      17,
      21,
      8,
      10,
      19,
      27,
      17,
      39,
      0,
    ],
  );
  assertEquals(
    ledger().length,
    ledgerChapters.reduce((sum, chapter) => sum + ledger(chapter).length, 0),
  );
  const all = ledger(undefined, { all: true });
  assertEquals(all.map(({ id }) => id).toSorted(), claims.map(({ id }) => id).toSorted());
  const chapters = all.map(({ chapter }) => chapter);
  assertEquals(chapters, chapters.toSorted());
  for (const later of ledger("19", { all: true })) {
    assertEquals([later.verdict, later.derived, later.ratio, later.by], [
      "not derived yet",
      null,
      null,
      [],
    ]);
  }
  assertThrows(() => ledger("20"), RangeError, '"20"');
});

Deno.test("ledger() gives the verdicts that a reading by hand gave", () => {
  const expected: Record<string, Verdict> = {
    "a-decode-reads-10-1000gb": "holds under other conditions",
    "a-h100-double-a100-bandwidth": "holds under other conditions",
    "a-h100-30x-inference": "contradicted",
    "b-inference-memory-bound": "holds under other conditions",
    "c-prefill-intensity-lctx": "holds under other conditions",
    "c-decode-intensity-below-1": "holds under other conditions",
    "c-compute-4x-per-generation": "holds under other conditions",
    "c-capacity-1-4x-per-generation": "contradicted",
    "a-gpt3-on-one-gpu": "holds under other conditions",
    "c-qwen3-22gb-per-token": "holds under other conditions",
    "c-qwen3-16gflop-per-token": "holds under other conditions",
    "d-longctx-single-source": "holds under other conditions",
    "d-longctx-range": "cited only",
    "a-asymmetric-quantize": "holds under other conditions",
    "a-symmetric-zero-and-roundtrip": "holds under other conditions",
    "a-range-from-absmax": "holds under other conditions",
    "c-fp4-16-values": "holds under other conditions",
    "d-sherry-10pct-speedup": "holds under other conditions",
    "a-outlier-fraction": "cited only",
    "d-tpe-area-gains": "cited only",
    "d-tpe-energy-gains": "cited only",
    "d-tpe-bitslice-energy": "cited only",
    "d-tpe-bitslice-area": "cited only",
    "d-sherry-zero-accuracy-loss": "cited only",
    "d-apllm-matmul-2-4x": "cited only",
    "d-tilus-triton": "cited only",
    "d-tilus-ladder": "cited only",
    "d-tilus-quantllm": "cited only",
    "d-tilus-marlin": "cited only",
    "d-tilus-arbitrary-bits": "cited only",
    "d-quanteval-4bit-retains": "cited only",
    "d-quanteval-larger-beats-smaller": "cited only",
    "d-quanteval-ppl-proxy": "cited only",
    "a-quant-speedup-2-4x": "holds under other conditions",
    "a-qlora-recovers-accuracy": "holds under other conditions",
    "a-awq-quantizer-formula": "holds under other conditions",
    "c-awq-shrinks-salient": "holds under other conditions",
    "c-gptq-least-squares": "holds under other conditions",
    "d-bitstack-vs-quantization": "holds under other conditions",
    "a-awq-salient-fraction": "cited only",
    "c-awq-1pct-salient": "cited only",
    "a-spinquant-4bit-gap": "cited only",
    "d-smash-9-4x": "cited only",
    "a-dense-infeasible-few-thousand": "holds under other conditions",
    "c-mla-latent-576": "holds under other conditions",
    "c-mla-rope-resists-low-rank": "holds under other conditions",
    "c-mha-cache-2300kb": "holds under other conditions",
    "d-ssm-4x-longer": "holds under other conditions",
    "d-ssm-4x-faster-57k": "holds under other conditions",
    "d-bmojo-1-4b": "cited only",
    "d-bmojo-10pct-faster-training": "cited only",
    "d-bmojo-32k": "cited only",
    "d-bmojo-fourfold": "cited only",
    "d-dsv3-2048-h800": "cited only",
    "d-ssm-kernel-55pct": "cited only",
    "c-sram-10x-faster": "holds under other conditions",
    "c-online-softmax-output": "holds under other conditions",
    "d-fusemax-speedup-e2e": "holds under other conditions",
    "a-flashattention-16k-64k": "cited only",
    "c-flashattention-85pct-peak": "cited only",
    "d-fusemax-speedup-attention": "cited only",
    "d-fusemax-energy-attention": "cited only",
    "d-fusemax-energy-e2e": "cited only",
    "d-fusemax-utilization": "cited only",
    "d-io-fast-matmul-no-help": "cited only",
    "c-kivi-2bit": "holds under other conditions",
    "c-kivi-rope-causes-outliers": "contradicted",
    "c-ecsq-gap-0-254": "holds under other conditions",
    "c-turboquant-gaussianises": "contradicted",
    "c-turboquant-hits-bound": "contradicted",
    "c-stack-few-gb": "holds under other conditions",
    "c-stack-half-gb-traffic": "holds under other conditions",
    "d-xquant-2x": "holds under other conditions",
    "d-xquant-trades-compute": "contradicted",
    "d-kv-survey-three-levels": "cited only",
    "d-scbench-12-tasks": "cited only",
    "d-scbench-8-methods-8-models": "cited only",
    "d-xquant-7-7x-ppl": "cited only",
    "d-spatten-dram-10x": "cited only",
    "d-spatten-vs-a3": "cited only",
    "d-spatten-vs-mnnfast": "cited only",
    "d-spatten-vs-gpu": "cited only",
    "d-spatten-vs-cpu": "cited only",
    "d-spatten-energy-a3": "cited only",
    "d-spatten-energy-mnnfast": "cited only",
    "d-spatten-energy-gpu": "cited only",
    "d-spatten-energy-cpu": "cited only",
    "a-sparse-models-10x-longer": "holds under other conditions",
    "a-deepspeed-sparse-6x": "holds under other conditions",
    "a-xattention-antidiagonal-score": "holds under other conditions",
    "d-longgen-one-third-full": "cited only",
    "d-longgen-two-thirds-sparse": "cited only",
    "d-longgen-5b-tokens": "cited only",
    "d-longgen-4k-128k": "cited only",
    "d-moba-matches-dense": "cited only",
    "a-spec-decoding-first-2022": "holds under other conditions",
    "a-magicdec-self-speculation": "cited only",
    "d-triforce-half-a100": "holds under other conditions",
    "d-triforce-7-78x": "holds under other conditions",
    "d-triforce-4-86x": "holds under other conditions",
    "a-paged-waste-40pct": "holds under other conditions",
    "d-vattention-page-waste": "holds under other conditions",
    "d-semcache-breakeven-local": "holds under other conditions",
    "c-page-size-16": "cited only",
    "d-vattention-decode": "cited only",
    "d-vattention-prefill-fa": "cited only",
    "d-vattention-prefill-fi": "cited only",
    "d-semcache-miss-30ms": "cited only",
    "d-semcache-miss-2ms": "cited only",
    "d-semcache-uncached": "cited only",
    "d-semcache-load-reduction": "cited only",
    "d-fastswitch-block-policy-waste": "holds under other conditions",
    "d-layered-39pct-traffic": "holds under other conditions",
    "d-layered-e2e-41pct": "holds under other conditions",
    "d-layered-energy-22pct": "holds under other conditions",
    "a-distserve-4-4x": "holds under other conditions",
    "a-megascale-1-9x": "holds under other conditions",
    "a-megascale-pingpong-busy": "holds under other conditions",
    "b-ffn-compute-bound": "holds under other conditions",
    "b-ffn-weights-preloaded": "holds under other conditions",
    "a-cxl-sub-100ns": "holds under other conditions",
    "d-sn40l-fusion-speedup": "holds under other conditions",
    "d-sn40l-model-switch": "holds under other conditions",
    "d-sn40l-vs-dgx-h100": "holds under other conditions",
    "d-sn40l-vs-dgx-a100": "holds under other conditions",
    "d-fenghuang-50pct-gpus": "holds under other conditions",
    "a-upmem-10x-speedup": "holds under other conditions",
    "a-upmem-10x-energy": "cited only",
    "a-hbmpim-mac-per-bank": "contradicted",
    "a-cent-32-devices": "cited only",
    "a-pim-10x-bandwidth": "holds under other conditions",
    "a-pim-4-6x-vs-a100": "holds under other conditions",
    "b-cim-definition": "cited only",
    "d-pimgpt-speedup-gpu": "holds under other conditions",
    "d-pimgpt-speedup-cpu": "cited only",
    "d-pimgpt-energy-gpu": "cited only",
    "d-pimgpt-energy-cpu": "cited only",
    "d-pimgpt-model-size": "cited only",
    "d-sail-cycles-13-8": "holds under other conditions",
    "d-sail-area-2pct": "cited only",
    "d-sail-10-7x": "cited only",
    "d-sail-19-9x-tokens-dollar": "cited only",
    "d-sail-7-04x-v100": "cited only",
    "d-coe-active-31b": "holds under other conditions",
    "d-coe-active-54b": "holds under other conditions",
    "d-coe-arena-hard": "cited only",
    "d-coe-mt-bench": "cited only",
    "d-ultramem-2-vs-8-experts": "cited only",
    "d-ultramem-long-context-memorization": "cited only",
    "d-ultramem-multiround": "cited only",
    "d-ultramem-icl": "cited only",
    "d-ultramem-active": "cited only",
    "d-ultramem-total": "cited only",
    "d-ultramem-density-over-count": "cited only",
    "d-hiermem-160m-18m": "cited only",
    "b-activation-checkpoint-hybrid-cache": "holds under other conditions",
    "d-llmflash-gpu-20-25x": "holds under other conditions",
    "d-smallthinker-20-tok-s": "holds under other conditions",
    "d-smallthinker-4b-1gb": "holds under other conditions",
    "d-smallthinker-21b-8gb": "holds under other conditions",
    "d-smallthinker-prefetch-hides": "holds under other conditions",
    "d-instinfer-11-1x": "holds under other conditions",
    "d-zeroinf-800-v100": "holds under other conditions",
    "d-memo-52-3-mfu": "holds under other conditions",
    "d-t3-traffic-max-36pct": "holds under other conditions",
    "d-frontier-1-71x": "holds under other conditions",
    "d-frontier-scaling-0-94": "holds under other conditions",
    "d-bytescale-7-89x": "holds under other conditions",
    "d-holmes-gpu-months": "holds under other conditions",
    "d-zero-400-gpus": "cited only",
    "d-zero-8x-size": "cited only",
    "d-zero-10x-perf": "cited only",
    "d-memo-mfu-megatron": "cited only",
    "d-memo-mfu-deepspeed": "cited only",
    "d-bytescale-scale": "cited only",
  };
  for (const { id, verdict } of entries.values()) {
    assertEquals(verdict, expected[id] ?? "reproduced", id);
  }
});

Deno.test("ledger() agrees with arithmetic by hand", () => {
  // Qwen3-8B: 36 layers, hidden 4096, feed-forward 12288 gated, 32 heads and 8 key-value heads of 128, vocabulary 151936.
  const table = 151_936 * 4096;
  const matrices = 36 * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 12_288);
  const qwen = matrices + 2 * table + 36 * (2 * 4096 + 2 * 128) + 4096;
  const perToken = 36 * 2 * 8 * 128 * 2;
  const flops = (context: number) => 2 * (matrices + table) + 4 * 36 * 32 * 128 * context;
  const bytes = (context: number) => 2 * (qwen - table) + perToken * context;
  // Yi-34B: 60 layers, hidden 7168, feed-forward 20480 gated, 56 heads and 8 key-value heads of 128, vocabulary 64000.
  const yi = 60 * (2 * 7168 * 7168 + 2 * 7168 * 1024 + 3 * 7168 * 20_480 + 2 * 7168) +
    2 * 64_000 * 7168 + 7168;
  // Llama-3.2-1B: 16 layers, hidden 2048, feed-forward 8192 gated, 8 key-value heads of 64, a tied table of 128,256.
  const layer = 2 * 2048 * 2048 + 2 * 2048 * 512 + 3 * 2048 * 8192;
  const llama = (bits: number, tableBits: number) =>
    16 * layer * bits / 8 + 128_256 * 2048 * tableBits / 8 + 16 * 2 * 512 * 2 * 512;
  // Llama-3.1-8B: 32 layers, hidden 4096, feed-forward 14336 gated, 8 key-value heads of 128, vocabulary 128256. A prompt
  // of 8,192 tokens waits for arithmetic at 312 TFLOP/s, its head for memory at 2.039 TB/s.
  const products = 2 * 8192 * 32 * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14_336) / 312e12;
  const head = 2 * 128_256 * 4096 / 2.039e12;
  const mamba2 = 50_288 * 1536 + 1536 +
    48 * (1536 * (6144 + 256 + 48) + 3072 * 1536 + 3328 * 5 + 3 * 48 + 3072 + 1536);
  // GPT-2: 12 layers of width 768, whose head multiplies the last token of a prompt only; attention was 6.7 times slower.
  const endToEnd = (tokens: number) => {
    const attention = 12 * 4 * 768 * tokens * (tokens + 1) / 2;
    const rest = 2 * tokens * 12 * 12 * 768 ** 2 + 2 * 50_257 * 768;
    return (6.7 * attention + rest) / (attention + rest);
  };
  // BigBird in blocks of 64: two rows see all blocks, the third and the last see seven, all others eight.
  const bigBird = (blocks: number) => 2 * blocks + 2 * 7 + (blocks - 4) * 8;
  // MoBA in blocks of 128, 8 of 4,096: own triangles, up to seven earlier blocks, and half a product for each score.
  const blocks = 4096;
  const moba = blocks * 128 * 129 / 2 + 128 ** 2 * (21 + 7 * (blocks - 7)) +
    128 * (blocks * (blocks - 1) / 2 - 28) / 2;
  // The slope of a line through four equidistant points is (3 (y3 - y0) + (y2 - y1)) / 10.
  const growth = (a: number, b: number, c: number, d: number) =>
    Math.exp((3 * Math.log(d / a) + Math.log(c / b)) / 10);

  // Llama-3.1-70B: 80 layers, hidden 8192, feed-forward 28672 gated, 8 key-value heads of 128; weights that a token reads.
  const seventy = 80 * (2 * 8192 * 8192 + 2 * 8192 * 1024 + 3 * 8192 * 28_672) + 128_256 * 8192;
  const eight = 32 * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14_336) + 128_256 * 4096;
  const geometric = (a: number, g: number) => (1 - a ** (g + 1)) / (1 - a);
  // Llama-2-7B: 32 layers, hidden 4096, feed-forward 11008 gated, a head for each query. A middle that drafts 1.6 tokens a pass.
  const llama2 = 2 * (32 * (4 * 4096 * 4096 + 3 * 4096 * 11_008) + 32_000 * 4096);
  const kept = 32 * 2 * 4096 * 2;
  const middle = (devices: number, read: number, rate: number) =>
    (llama2 + kept * read) / devices / rate / 1.6;
  const hierarchy = (pass: number, draft: number, g: number) =>
    (pass + g * draft) / geometric(0.9, g);
  const onA100 = (llama2 + kept * 124_928) / 2.039e12;
  const away = (layers: number) => layers / 32 * kept * 130_048 / 32e9;

  // SN40L: 14 GB at 8 x 125 GB/s take 14 ms; over one PCIe 5.0 or 4.0 x16 they take 15.6 or 31.25 times as long.
  const run = (slow: number, speedup: number) => (slow - speedup * 14) / (speedup - 1);
  const [overFive, overFour] = [14_000 / 64, 14_000 / 32];

  const zaya = 2 * 2048 * 1024 + 2 * 2048 * 256 + 1280 * 3 + 1280 * 257 + 2 +
    2049 * 256 + 2 * 257 * 256 + 256 * 17 + 512 + 10 * 2048;

  const cases: [id: string, byHand: number, tolerance?: number][] = [
    ["c-ridge-562", 4500 / 8],
    ["c-b200-fp8-peak", 4500],
    ["a-h100-double-a100-bandwidth", 3.35 / 2.039],
    ["a-h100-30x-inference", 2 * 1978.9 / 312],
    ["a-decode-reads-10-1000gb", 1000 * 2],
    ["c-compute-4x-per-generation", growth(125, 312, 989.4, 2250)],
    ["c-bandwidth-2x-per-generation", growth(0.9, 2.039, 3.35, 8)],
    ["c-capacity-1-4x-per-generation", growth(32, 80, 80, 180)],
    ["c-qwen3-weights-16gb", 2 * qwen / 1e9],
    ["c-qwen3-kv-147gb", perToken / 1000],
    ["c-kv-dwarfs-weights", perToken * 1e6 / (2 * qwen)],
    ["c-qwen3-22gb-per-token", bytes(4096) / 1e9, 2e-3], // by hand without activations
    ["c-qwen3-16gflop-per-token", flops(40_960) / 1e9, 1e-3],
    ["c-decode-intensity-below-1", flops(40_960) / bytes(40_960), 2e-3],
    ["c-decode-below-1pct-peak", 100 * flops(40_960) / bytes(40_960) / (2250 / 8), 2e-3],
    ["c-decode-streams-weights-and-kv", bytes(40_960) / (2 * qwen + perToken * 40_960), 2e-3],
    ["c-decode-is-memory-traffic", bytes(40_960) / 8e12 / (flops(40_960) / 2250e12), 0.03],
    ["c-dense-decode-scans-all", 1, 1e-5],
    ["d-no-kv-cache-quadratic", Math.log2(8192 * 8193 / (4096 * 4097))], // pairs on and below the diagonal
    ["d-kv-cache-linear-access", Math.log2((8192 + 2) / (4096 + 2))], // the new token is read and written
    ["d-longctx-34b", yi / 1e9],
    ["d-longctx-50k-kv", (80e9 - 2 * yi) / (60 * 2 * 8 * 128 * 2) / 1e3],
    ["d-longctx-1m-as-4k", 1e6 / 4e3],
    ["a-quant-bit-widths", 8 + 16 / 128],
    ["c-bits-equal-bytes", 16 / (4 + 16 / 128)],
    ["c-fp4-16-values", 2 * 7 + 1], // 0.5, 1, 1.5, 2, 3, 4, 6, their negatives, and zero
    ["a-range-from-absmax", 255 / 127, 1e-6],
    ["d-sherry-1-67-bit-packing", 5 / 3],
    ["a-quant-175b-to-3-4-bit", 4 + (16 + 4) / 12_288],
    ["a-smoothquant-w8a8", 8 + 16 / 4096],
    ["c-gptq-hessian", 2, 1e-6],
    // four matrices of 4096 x 4096 and three of 4096 x 11008; a sign each, and 16 numbers of 16 bits a row and a column
    [
      "d-bitstack-1-bit-per-iteration",
      1 + 256 * (4 * 8192 + 3 * 15_104) / (4 * 4096 ** 2 + 3 * 4096 * 11_008),
    ],
    ["d-bitstack-megabyte-steps", (4096 * 1024 / 8 + 32 * (4096 + 1024)) / 1e6],
    ["d-comet-kernel-2-88x", 1 / (0.8 / 4 + 0.2 / 2)],
    ["d-comet-w4a4kv4", 4 + (16 + 4) / 128],
    ["d-sherry-25pct-bit-saving", 25],
    ["a-24-sparsity-50pct", 50],
    ["a-24-doubles-throughput", (products + head) / (products / 2 + head), 1e-4],
    // 1,024 queries, keys, values and results of 64, and four passes over the scores: 9/16, 1/2, 1/2 and 9/16 of them
    ["a-dynamic-24-attention-speedup", (4 * 64 + 4 * 1024) / (4 * 64 + 17 / 8 * 1024)],
    ["a-dense-attention-quadratic", Math.log2(200_000 * 200_001 / (100_000 * 100_001))],
    ["c-mla-latent-576", 512],
    ["c-mla-rope-64", 64],
    ["c-mla-cache-70kb", 61 * (512 + 64) * 2 / 1e3],
    ["c-mha-cache-2300kb", 61 * 2 * 128 * 128 * 2 / 1e3],
    ["c-mla-98pct-reduction", 100 * (1 - (512 + 64) / (2 * 128 * 128))],
    ["d-dsv3-mla-memory-efficiency", 2 * 8 * 128 / (512 + 64)],
    // Mamba2-780m: 48 layers of 3072 channels; one in-projection of 2 x 3072 + 2 x 128 + 48 outputs, one out-projection,
    // a convolution of 4 over 3328 channels. Predictions of 50,288 values for each token.
    [
      "d-ssm-220k-24gb",
      (24e9 - 2 * mamba2 - 48 * 2 * (3072 * 128 + 3328 * 4)) / (2 * 50_288) / 1e3,
      1e-4,
    ],
    ["a-flashattention-linear-memory", 1],
    ["c-sram-10x-faster", 35.2 / 8],
    ["d-twopass-avx512-28pct", 100 * (4 / 3 - 1)],
    ["d-io-trivial-bound", 1 + 1 / 32], // 128 outputs of 32, and a log-sum-exp for each
    // Qwen3-8B with latents of 512 + 64 in 36 layers: four bits, and a compressed token for each 16
    ["c-stack-few-gb", 1e6 * 36 * 576 / 2 * (1 + 1 / 16) / 1e9, 1e-4],
    ["c-stack-half-gb-traffic", 36 * 576 / 2 * (1e6 / 16 + 16 * 64 + 512) / 1e9, 1e-3],
    ["c-kivi-2bit", 2 + 32 / 32],
    ["d-bfp-2x-savings", 16 / (8 + 8 / 32)],
    ["d-xquant-2x", 2 * 8 * 128 / 4096],
    ["d-xquant-7-7x", 2 * 16 / (4 + 32 / 128)],
    ["d-xquant-cl-10x", 2 * 16 * 32 / (29 * 3.25 + 3 * 4.25)],
    ["d-xquant-cl-12-5x", 2 * 16 * 32 / (29 * 2.25 + 3 * 4.25)],
    // 32 operations for each bit of 4,096 channels, in 4.25 bits, at the ridge
    ["d-xquant-trades-compute", 32 * 4096 / 4.25 / (989.4 / 3.35)],
    ["c-ecsq-gap-0-254", 0.641, 1e-3],
    ["d-fkl-2x-1000x", 8 * 66.9 / 3.35], // operations for the 8 bytes of a value, at the ridge
    ["d-fusemax-speedup-e2e", endToEnd(4096), 1e-3],
    ["d-sherry-10pct-speedup", 100 * (llama(5 / 3, 16) / llama(5 / 4, 16) - 1), 0.02],
    ["a-sparse-models-10x-longer", 64 / Math.sqrt(bigBird(64))],
    ["a-deepspeed-sparse-6x", 256 / (4 + 63)],
    [
      "a-deepspeed-sparse-10x-context",
      Math.floor(Math.sqrt(32e9 / (5 * 12 * 12))) / (bigBird(1024) / 1024 * 64),
    ],
    ["a-xattention-13-5x", 32],
    // 16 blocks of 64, a window of 512, and a compressed token for each 16 after the first 32
    ["c-sparse-attention-10x", 65_536 / (16 * 64 + 512 + (65_536 - 32) / 16 + 1), 1e-3],
    ["d-longgen-kv-62pct", 100 * 2 / 3 * (1 - 1 / 32)],
    ["d-longgen-wallclock-36pct", 100 * (1 - 1 / 1.55)],
    ["d-flashmoba-14-7x", 524_288 * 524_289 / 2 / moba],
    ["a-spec-decoding-2-3x", geometric(0.8, 5) / (1 + 5 * eight / seventy), 0.02], // without caches
    ["a-spec-trades-compute-for-latency", (6 + 5 * eight / seventy) / geometric(0.8, 5), 0.02],
    ["c-spec-one-pass-bandwidth", 1, 5e-3],
    ["d-triforce-a100-2-31x", onA100 / hierarchy(onA100, middle(1, 4096, 2.039e12), 6), 0.02],
    ["d-triforce-0-108s", hierarchy(away(23) / 2, middle(2, 12_288, 1.008e12), 16), 0.02],
    [
      "d-triforce-7-78x",
      away(23) / 2 / hierarchy(away(23) / 2, middle(2, 12_288, 1.008e12), 16),
      0.02,
    ],
    ["d-semcache-breakeven-remote", 100 * 30 / 175],
    // Llama 3.1 8B: 64 sequences over four query heads a key; without activations
    ["a-attention-vs-ffn-profile", 64 / 4, 0.05],
    ["b-attention-memory-bound", 989.4 / 3.35 / 4, 2e-3],
    ["b-ffn-compute-bound", 32 / (989.4 / 3.35), 0.03],
    ["b-ffn-weights-preloaded", 36 * 3 * 4096 * 12_288 * 2 / (50e6 + 33 * 2 ** 20)],
    ["d-semcache-breakeven-local", 100 * 2 / 175],
    ["a-bandwidth-raises-token-rate", 1, 1e-6],
    ["a-uvm-pcie-slow", 3350 / 64],
    ["a-cxl-adds-capacity", 256],
    ["a-cxl-sub-100ns", 114 + 80 + 80],
    ["a-cxl-fewer-gpus", 1 / 2], // 141 GB in 72 GB each
    ["d-sn40l-150-experts", Math.floor(12e12 / (llama2 + 2 * (32_000 * 4096 + 65 * 4096)))],
    ["d-sn40l-footprint-19x", Math.ceil(Math.floor(12e12 / 13.477e9) / Math.floor(640 / 13.477))],
    ["d-sn40l-model-switch", 1000 / (8 * 64)],
    ["d-sn40l-vs-dgx-h100", 1000 / (8 * 64)],
    ["d-sn40l-vs-dgx-a100", 1000 / (8 * 32)],
    ["d-fenghuang-comm-16-70x", 1.5 * 4800 / 450, 2e-3], // without the latencies of the memory
    ["d-cxl-ft-optimizer-slow", 307.2 / 48],
    ["d-cxl-ft-multi-aic", 26 / 18],
    ["a-upmem-dpus-per-module", 16 * 8],
    ["a-upmem-10x-speedup", 8 * 2560 * 350e6 / 6 / 307.2e9, 1e-4],
    ["a-hbmpim-1-2-tflops", 128 * 16 * 2 * 0.3 / 1000],
    ["a-hbmpim-mac-per-bank", 128 / 256],
    ["a-pim-10x-bandwidth", 1.2288 / (1024 * 2.4 / 8 / 1000), 1e-3],
    ["a-pim-cuts-data-movement", 4096 / 2],
    ["d-duplex-gqa-op-b", 32 / 8, 2e-3], // without queries and results
    ["d-duplex-pim-below-1", 1, 1e-3],
    ["d-duplex-logic-pim-range", 106.5 / 3.35],
    ["d-pimgpt-speedup-gpu", 4096 / 320 * 64 / 108, 0.02], // 64 ns of each 108 a row is read
    ["d-sail-cycles-13-8", 100 * (1 - 16 * (1 - (15 / 16) ** 8) / 8)],
    ["d-sail-lut-gemv", 0],
    // ZAYA1: projections of width 1,024 and 256, convolutions, the router's four layers, norms and scales; one of 16 experts
    ["d-zaya1-active", (40 * (zaya + 3 * 2048 * 2048) + 2048) / 1e9],
    ["d-zaya1-total", (40 * (zaya + 16 * 3 * 2048 * 2048) + 2048) / 1e9],
    ["d-hiermem-18m", 35 * 3 * 512 * (256 + 64 + 16) / 1e6],
    ["d-hiermem-4-6b", 35 * 3 * 512 * (16 * 256 + 256 * 64 + 4096 * 16) / 1e9],
    ["d-hiermem-21b", 24 * 3 * 2048 * (16 * 768 + 256 * 256 + 4096 * 16) / 1e9],
    // published counts: Qwen2.5 7B and 72B, Gemma 2 9B and 27B, Llama 3.1 70B
    ["d-coe-active-31b", (7.62 + 9.24 + 27.23 + 70.55 + 72.71) / 5, 1e-3],
    ["d-coe-active-54b", (7.62 + 9.24 + 27.23 + 70.55 + 72.71) / 5, 1e-3],
    // pages of 2 MiB hold 1,024 tokens of 8 heads of 128 in 16 bits, and half of one stays empty
    ["d-vattention-page-waste", 100 * 511.5 / (161 + 338 + 511.5)],
    [
      "a-batching-hits-capacity",
      Math.floor((72e9 - 2 * (eight + 128_256 * 4096)) / (32_256 * 131_072)) / (989.4 / 3.35),
    ],
  ];
  for (const [id, byHand, tolerance = 1e-9] of cases) {
    assertAlmostEquals(entry(id).derived!, byHand, tolerance * byHand, id);
  }
  assertAlmostEquals(
    entry("c-compute-4x-per-generation").otherwise!,
    growth(125, 312, 1978.9, 9000),
    1e-9,
  );
  assertAlmostEquals(
    entry("d-sherry-10pct-speedup").otherwise!,
    100 * (llama(5 / 3, 8) / llama(5 / 4, 8) - 1),
    0.2,
  );
  assertAlmostEquals(entry("a-h100-double-a100-bandwidth").otherwise!, 3.35 / 1.555, 1e-9);
  assertAlmostEquals(entry("c-qwen3-22gb-per-token").otherwise!, bytes(40_960) / 1e9, 0.05);
  assertAlmostEquals(entry("c-qwen3-16gflop-per-token").otherwise!, 2 * qwen / 1e9, 1e-9);
  assertAlmostEquals(entry("c-mha-cache-2300kb").otherwise!, 36 * 2 * 128 * 128 * 2 / 1e3, 1e-9);
  assertEquals(entry("c-mla-latent-576").otherwise, 576);
  assertAlmostEquals(
    entry("c-ecsq-gap-0-254").otherwise!,
    Math.log2(Math.PI * Math.E / 6) / 2,
    1e-9,
  );
  // eleven blocks of 4,096 tokens, the last one as far as it goes, and a mean of each other
  assertAlmostEquals(
    entry("c-stack-half-gb-traffic").otherwise!,
    36 * 576 / 2 * (11 * 4096 + 1e6 % 4096 + 244) / 1e9,
    2e-4,
  );
  assertAlmostEquals(entry("d-xquant-2x").otherwise!, 2, 1e-9);
  assertAlmostEquals(entry("c-sram-10x-faster").otherwise!, 19.5 / 2.039, 1e-9);
  const mix = (large: number) =>
    (1 - large) * (7.62 + 9.24 + 27.23) / 3 + large * (70.55 + 72.71) / 2;
  assertAlmostEquals(entry("d-coe-active-31b").otherwise!, mix(0.3), 0.01);
  assertAlmostEquals(entry("d-coe-active-54b").otherwise!, mix(0.7), 0.01);
  assertAlmostEquals(
    entry("a-upmem-10x-speedup").otherwise!,
    8 * 2560 * 350 / 6 / (6 * 19.2e3),
    1e-3,
  );
  assertAlmostEquals(entry("a-pim-10x-bandwidth").otherwise!, 16, 1e-9);
  assertAlmostEquals(entry("a-cxl-sub-100ns").otherwise!, 100, 1e-9);
  assertAlmostEquals(entry("d-sn40l-model-switch").otherwise!, 1000 / 64, 1e-9);
  assertAlmostEquals(
    entry("d-sn40l-vs-dgx-h100").otherwise!,
    (run(overFour, 6.6) + overFive) / (run(overFour, 6.6) + 14),
    1e-9,
  );
  assertAlmostEquals(
    entry("d-sn40l-vs-dgx-a100").otherwise!,
    (run(overFive, 3.7) + overFour) / (run(overFive, 3.7) + 14),
    1e-9,
  );
  assertAlmostEquals(
    entry("a-sparse-models-10x-longer").otherwise!,
    1024 / Math.sqrt(bigBird(1024)),
  );
  assertAlmostEquals(entry("a-deepspeed-sparse-6x").otherwise!, 64 ** 2 / bigBird(64), 1e-9);
  assertAlmostEquals(entry("d-fusemax-speedup-e2e").otherwise!, endToEnd(32_768), 0.01);
});

Deno.test("ledger() finds the batch at which the feed-forward of Llama 3.1 8B meets the ridge of an H100", () => {
  // 4BN operations against 4N + 2Bw bytes, for two matrices of N = 4096 x 14336 weights and w = 4096 + 2 x 14336 values.
  const [ridge, weights, values] = [989.4 / 3.35, 4096 * 14_336, 4096 + 2 * 14_336];
  assertEquals(
    entry("b-decode-memory-bound").derived,
    Math.ceil(ridge / (1 - ridge * values / (2 * weights))),
  );
});

Deno.test("ledger() needs 2 GPUs of 80 GB for GPT-3 at 4 bits and one at 3 bits, scales counted", () => {
  // 96 layers of 12 x 12288^2 weights and two tables; 72 GB may be filled; 512 tokens of cache take 2.4 GB.
  const parameters = 96 * 12 * 12_288 ** 2 + (50_257 + 2048) * 12_288;
  const cache = 512 * 96 * 2 * 12_288 * 2;
  assert(parameters * 4.125 / 8 > 72e9 && parameters * 3.125 / 8 + cache < 72e9);
  assertEquals([entry("a-gpt3-on-one-gpu").derived, entry("a-gpt3-on-one-gpu").otherwise], [2, 1]);
});

Deno.test("ledger() names the condition only where the claim holds under it alone", () => {
  for (const { id, verdict, condition, otherwise } of entries.values()) {
    const expected = verdict === "holds under other conditions";
    assertEquals([condition !== undefined, otherwise !== undefined], [expected, expected], id);
  }
});

Deno.test("ledger() computes at the call, from the catalog that it is given", () => {
  const faster = ledger("01", { catalog: changes["faster arithmetic"]! });
  assert(faster.find(({ id }) => id === "c-ridge-562")!.verdict === "contradicted");
});

Deno.test("ledger() refuses a derived value that is not finite, and names the claim", () => {
  const broken = changedCatalog(({ memory: [first, ...rest], ...hardware }) => ({
    ...hardware,
    memory: [{ ...first, capacity: NaN }, ...rest],
  }));
  assertThrows(
    () => ledger("01", { catalog: broken }),
    RangeError,
    "Cannot judge a-h100-capacity-80gb",
  );
});
