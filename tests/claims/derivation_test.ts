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
};

/** The chapters that are written, with the number of their claims, counted by hand. A new chapter adds its own. */
const written: Readonly<Record<string, number>> = {
  "00": 0,
  "01": 28,
  "02": 18,
  "03": 43,
  "04": 30,
  "05": 4,
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

Deno.test("cite() refuses an unknown claim", () => {
  assertThrows(() => cite("d-none", "no reason"), RangeError, "d-none");
});
