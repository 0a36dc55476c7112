import { assert, assertEquals, assertThrows } from "@std/assert";
import { ridgePoint } from "@fewer-bytes/roofline";
import { chapterOf, cite, claims, courseCatalog, derive, findSystem } from "@fewer-bytes/claims";
import { citations, derivations } from "../../lib/claims/derivations.ts";
import { changes } from "./changed_catalog.ts";

/** Values that follow from geometry or from a definition, whatever the devices and models: they must stand still. */
const fixed: Readonly<Record<string, string>> = {
  "a-decode-reads-10-1000gb": "bits of a format times the parameter range of another claim",
  "c-arithmetic-intensity-definition":
    "an identity between three functions, which holds on any device",
  "c-shoreline-compute-area": "the area of a square",
  "c-shoreline-bandwidth-perimeter": "the edge of a square",
  "a-asymmetric-scale": "a formula, held against random groups",
  "a-asymmetric-zero-point": "a formula, held against random groups",
  "a-asymmetric-quantize": "a formula, held against random groups",
  "a-asymmetric-dequantize": "a formula, held against random groups",
  "a-symmetric-scale": "a formula, held against random groups",
  "a-symmetric-zero-and-roundtrip": "a formula, held against random groups",
  "a-range-from-absmax": "a formula, held against random values",
  "a-dtq-8bit-layout": "the layout of a format",
  "a-dtq-low-error-both-ends": "the layout of a format",
  "a-nonuniform-beats-uniform": "errors of random values",
  "a-outlier-wastes-levels": "codes of random values",
  "a-qat-better-than-ptq": "a regression over random examples",
  "a-quant-bit-widths": "the layout of a format",
  "c-bits-equal-bytes": "a ratio of two widths, which no model changes",
  "c-fp4-16-values": "the layout of a format",
  "c-fp4-1bit-mantissa": "the layout of a format",
  "c-fp4-needs-block-scales": "errors of random values",
  "d-sherry-1-25-bit": "the layout of a format",
  "d-sherry-5-bits-4-weights": "the layout of a format",
  "d-sherry-1-67-bit-packing": "the layout of a format",
  "d-sherry-2-bit-packing": "the layout of a format",
  "d-sherry-25pct-bit-saving": "the layout of two formats",
  "d-sherry-3-4-sparsity": "the layout of a format",
  "d-apllm-bipolar-format": "an identity over all numbers of a few bits",
  "a-llmint8-mixed-decomposition": "errors of a random layer",
  "a-smoothquant-identity": "an identity, held against a random layer",
  "a-smoothquant-migrates-difficulty": "errors of a random layer",
  "a-awq-quantizer-formula": "codes of random groups",
  "a-awq-scaled-weight": "a formula, held against random rows",
  "a-awq-error-drops-by-s": "errors of random rows",
  "c-awq-identity": "an identity, held against a random layer",
  "c-awq-shrinks-salient": "scales of a random layer, and errors of random rows",
  "c-gptq-least-squares": "an identity, held against a random layer",
  "c-gptq-hessian": "a second difference of a random layer's error",
  "c-gptq-compensation": "a formula, held against a random layer",
  "c-gptq-pushes-error-forward": "errors of a random layer",
  "a-qlora-recovers-accuracy": "an adapter trained on a random layer",
  "a-qlora-4bit-base": "the layout of a format",
  "a-spinquant-rotation-absorbed": "an identity in whole numbers",
  "d-bitstack-vs-quantization": "errors of random weights",
  "d-comet-kernel-2-88x": "a ratio of two rates of one device",
  "d-comet-w4a4kv4": "the layout of two formats",
  "a-24-sparsity-50pct": "the zeros of a pattern",
  "a-dynamic-24-attention-speedup": "a ratio of bytes, where every step waits for memory",
  "c-standard-attention-io": "traffic counted while a small attention runs",
  "c-mla-down-projection": "an identity, held against a random layer",
  "c-mla-up-projection": "an identity, held against a random layer",
  "c-mla-rope-resists-low-rank": "scores of random keys",
  "a-flashattention-linear-memory": "memory counted while a small attention runs",
  "a-flashattention-exact": "a difference of two results for random inputs",
  "b-data-locality": "traffic counted while a small product runs",
  "c-sram-10x-faster": "a ratio of two rates of one device",
  "c-online-softmax-max": "a formula, held against random rows",
  "c-online-softmax-sum": "a formula, held against random rows",
  "c-online-softmax-output": "a formula, held against random rows",
  "c-online-softmax-normalise": "a formula, held against random rows",
  "c-flashattention-io": "how a count grows",
  "d-fusemax-buffer-independent": "memory counted while a small attention runs",
  "d-fusemax-pass-lower-bounds": "the order of the lines of a cascade",
  "d-fusemax-quality-passes-buffer-tradeoff": "traffic counted while a small attention runs",
  "d-io-flash-upper-bound": "how a count grows",
  "d-io-lower-bound-matches": "a ratio of two counts",
  "d-io-small-cache": "traffic counted while a small attention runs",
  "d-io-trivial-bound": "traffic counted while a small attention runs",
  "d-twopass-avx512-28pct": "accesses counted while a softmax runs",
  "d-twopass-avx2-18pct": "accesses counted while a softmax runs",
  "d-twopass-three-pass-baseline": "accesses counted while a softmax runs",
  "d-twopass-exact-no-overflow": "a difference of two results for random scores",
  "c-kivi-keys-per-channel": "errors of random keys",
  "c-kivi-values-per-token": "errors of random values",
  "c-kivi-2bit": "the layout of a format",
  "c-kivi-rope-causes-outliers": "magnitudes of random keys",
  "c-rate-distortion-gaussian": "a formula, held against a search",
  "c-ecsq-gap-0-254": "errors of the best levels for a law",
  "c-turboquant-gaussianises": "the gap between two laws",
  "c-turboquant-hits-bound": "errors of random directions",
  "c-turboquant-no-calibration": "codes of random vectors",
  "d-scbench-sub-on-memory-fails": "questions to a cache of random keys",
  "d-bfp-2x-savings": "the layout of a format",
  "d-bfp-rearrange-free": "an identity in whole numbers",
  "d-bfp-outliers-hurt-block": "errors of random blocks",
  "d-xquant-x-similar-across-layers": "sums of random vectors",
  "d-spatten-progressive-quant": "attention to random keys",
  "d-spatten-cascade": "tokens kept of random attention",
  "a-sparse-attention-linear": "how a count grows",
  "a-sparse-models-10x-longer": "a ratio of two counts",
  "a-deepspeed-sparse-6x": "a ratio of two counts",
  "a-xattention-13-5x": "a ratio of two counts",
  "a-xattention-antidiagonal-score": "scores of random queries and keys",
  "d-longgen-wallclock-36pct": "a ratio that another claim states",
  "d-longgen-kv-62pct": "a ratio of layers and tokens",
  "d-flashmoba-14-7x": "a ratio of two counts",
  "d-moba-snr": "a router of random keys, played",
  "d-moba-small-blocks-better": "a ratio of two chances",
  "c-spec-accept-probability": "drafts of two small laws, counted",
  "c-spec-residual-distribution": "drafts of two small laws, counted",
  "c-spec-acceptance-is-1-tv": "sums over random laws",
  "a-spec-decoding-lossless": "random laws, all ways followed",
  "c-spec-no-quality-loss": "random laws, all ways followed",
  "c-spec-expected-tokens": "two small laws, all ways followed",
  "a-spec-decoding-first-2022": "years of publication",
  "c-kv-waste-80pct": "requests in a memory of a given size, played",
  "a-paged-waste-40pct": "requests in a memory of a given size, played",
  "a-paged-near-zero-fragmentation": "blocks counted while random sequences grow",
  "c-paged-near-zero": "requests in a memory of a given size, played",
  "a-paged-prefix-sharing": "a formula, held against tables that are played",
  "d-vattention-page-waste": "bytes of a token in one layer, which no change touches",
  "c-radix-longest-prefix": "random prompts, played",
  "c-radix-lru-leaves": "random prompts, played",
  "d-semcache-breakeven-remote": "a ratio of two times that the claim states or implies",
  "d-semcache-breakeven-local": "a ratio of two times that the claim states or implies",
  "d-semcache-high-hit": "a sum over the shares of a law",
  "d-semcache-low-hit": "a sum over the shares of a law",
  "d-fastswitch-block-policy-waste": "requests in a memory of a given size, played",
  "a-distserve-4-4x": "step times that were measured, on devices of a given memory",
  "a-bandwidth-raises-token-rate": "an exponent, 1 wherever every operator waits for memory",
  "a-cxl-adds-capacity": "a part of the catalog of memories",
  "a-cxl-sub-100ns": "a way of the catalog of memories, part by part",
  "d-sn40l-model-switch": "a ratio of two rates of links",
  "d-sn40l-vs-dgx-h100": "a ratio of two rates of links",
  "d-sn40l-vs-dgx-a100": "a ratio of two rates of links",
  "d-sn40l-three-tiers": "a node of the catalog of memories",
  "d-fenghuang-comm-16-70x": "rates of links, which no change touches",
  "d-cxl-ft-multi-aic": "rates of cards, shared",
  "a-upmem-dpus-per-module": "cores of a module",
  "a-hbmpim-mac-per-bank": "units and banks of a stack",
  "d-sail-cycles-13-8": "a formula for chance",
  "d-sail-lut-gemv": "an identity in whole numbers",
  "d-llmflash-windowing": "a ratio of two counts of drawn neurons",
  "d-llmflash-bundling": "matrices of a network",
  "d-smallthinker-20-tok-s": "published shapes and a computer that are not in the catalog",
  "d-smallthinker-4b-1gb": "a published shape that is not in the catalog",
  "d-smallthinker-21b-8gb": "a published shape that is not in the catalog",
  "d-smallthinker-active-share": "published shapes that are not in the catalog",
  "d-smallthinker-prefetch-hides": "a published shape and a computer that are not in the catalog",
  "d-zero-turing-17b": "a published shape that is not in the catalog",
  "d-zero-vs-megatron-t5": "a published shape that is not in the catalog",
  "b-chen-sublinear-memory": "schedules of equal layers, played",
  "b-kukreja-constant-overhead": "steps of a chain, counted",
  "d-memo-memory-linear": "how a count grows",
  "d-t3-geomean-30pct": "models and a machine that were simulated, none of the catalog",
  "d-t3-max-47pct": "models and a machine that were simulated, none of the catalog",
  "d-t3-500b-29pct": "models and a machine that were simulated, none of the catalog",
  "d-t3-traffic-22pct": "models and a machine that were simulated, none of the catalog",
  "d-t3-traffic-max-36pct": "models and a machine that were simulated, none of the catalog",
  "d-zaya1-active": "the shape of a published model that the catalog does not hold",
  "d-zaya1-total": "the shape of a published model that the catalog does not hold",
  "d-hiermem-18m": "published sizes of a bank",
  "d-hiermem-4-6b": "published sizes of a bank",
  "d-hiermem-21b": "published sizes of a bank",
};

/** The chapters that are written, with the number of their claims, counted by hand. A new chapter adds its own. */
const written: Readonly<Record<string, number>> = {
  "00": 0,
  "01": 28,
  "02": 18,
  "03": 43,
  "04": 30,
  "05": 4,
  "06": 22,
  "07": 30,
  "08": 40,
  "09": 20,
  "10": 17,
  "11": 21,
  "12": 8,
  "13": 10,
  "14": 19,
  "15": 27,
  "16": 16,
  "17": 17,
  "18": 39,
};

Deno.test("each claim of the chapters that are written is derived or cited, exactly once", () => {
  const listed = [...derivations, ...citations].map(({ claim }) => claim);
  assertEquals(new Set(listed).size, listed.length);
  for (const [chapter, count] of Object.entries(written)) {
    const expected = claims.filter(({ system }) => chapterOf(findSystem(system)) === chapter)
      .map(({ id }) => id);
    assertEquals(expected.length, count, chapter);
    assertEquals(expected.filter((id) => !listed.includes(id)), [], chapter);
  }
});

Deno.test("no derived value is typed in: each moves when the devices or models change", () => {
  for (const { claim, ...derivation } of derivations) {
    for (const derived of [derivation.derived, derivation.otherwise?.derived]) {
      if (!derived) continue;
      const usual = derived(courseCatalog);
      const moved = Object.entries(changes).filter(([, catalog]) => {
        const changed = derived(catalog);
        return Math.abs(changed - usual) > 1e-6 * Math.abs(usual);
      }).map(([name]) => name);
      if (claim in fixed) assertEquals(moved, [], `${claim} stands on ${fixed[claim]}`);
      else assert(moved.length > 0, `${claim} is ${usual} in every world`);
    }
  }
});

Deno.test("every claim that is listed as fixed is derived", () => {
  for (const id of Object.keys(fixed)) assert(derivations.some(({ claim }) => claim === id), id);
});

Deno.test("derive() refuses an unknown claim, a missing or needless proxy, and a relation that does not fit", () => {
  const how = { assumptions: ["one B200"], by: [ridgePoint], derived: () => 1 };
  const proxy = { computes: "one", unit: "x", threshold: 1 };
  assertThrows(() => derive("c-none", how), RangeError, "c-none");
  assertThrows(
    () => derive("c-ridge-562", { ...how, proxy }),
    TypeError,
    "exactly when nothing is stated",
  );
  assertThrows(
    () => derive("c-decode-is-memory-traffic", how),
    TypeError,
    "exactly when nothing is stated",
  );
  assertThrows(() => derive("c-ridge-562", { ...how, relation: "within" }), TypeError, "within");
  assertThrows(() => derive("d-longctx-range", { ...how, relation: "about" }), TypeError, "about");
});

Deno.test("derive() wants assumptions, and functions that have a name", () => {
  const how = { assumptions: ["one B200"], by: [ridgePoint], derived: () => 1 };
  assertThrows(() => derive("c-ridge-562", { ...how, assumptions: [] }), TypeError, "assumptions");
  assertThrows(() => derive("c-ridge-562", { ...how, by: [] }), TypeError, "functions");
  assertThrows(() => derive("c-ridge-562", { ...how, by: [() => 1] }), TypeError, "functions");
});

Deno.test("every derivation states assumptions, and every citation a reason", () => {
  for (const { claim, assumptions } of derivations) {
    assert(assumptions.length > 0 && assumptions.every((text) => text !== ""), claim);
  }
  for (const { claim, reason } of citations) assert(reason, claim);
});

Deno.test("derive() and cite() call what writes a text when it is first read, and once", () => {
  const asked: string[] = [];
  const write = <Text>(name: string, text: Text) => () => {
    asked.push(name);
    return text;
  };
  const derivation = derive("c-ridge-562", {
    assumptions: write("assumptions", ["one B200"]),
    by: [ridgePoint],
    derived: () => 1,
    otherwise: { condition: write("condition", "it is another"), derived: () => 2 },
  });
  const citation = cite("c-ridge-562", write("reason", "a report"));
  assertEquals(asked, []);
  for (let reading = 0; reading < 2; reading++) {
    assertEquals(derivation.assumptions, ["one B200"]);
    assertEquals(derivation.otherwise!.condition, "it is another");
    assertEquals(citation.reason, "a report");
  }
  assertEquals(asked, ["assumptions", "condition", "reason"]);
});

Deno.test("cite() refuses an unknown claim", () => {
  assertThrows(() => cite("d-none", "no reason"), RangeError, "d-none");
});
