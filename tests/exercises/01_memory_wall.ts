import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  attainableRate,
  peakRate,
  ridgePoint,
  ridgePointFormula,
  stepTime,
} from "@fewer-bytes/roofline";
import { operators, traffic } from "@fewer-bytes/transformer";
import { once } from "@fewer-bytes/units";
import { expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

const h100 = once(() => findHardware("nvidia-h100-sxm"));
const b200 = once(() => findHardware("nvidia-b200"));
const unit = "FLOP/B";

export const ridge = defineExercise({
  id: "01.1",
  title: "Where is the ridge?",
  points: 10,
  name: "ridge",
  stub: `/** Operations that must follow each byte to keep a device busy. */
function ridge(peak: number, bandwidth: number): number {
  return NaN; // your turn: peak is in FLOP/s, bandwidth in B/s
}`,
  hints: [
    "At the ridge, computing and reading take the same time. Which of the two inputs tells how long one operation takes, and which tells how long one byte takes?",
    "Work of intensity `I` does `I` operations for each byte. Its two times are equal where `I / peak = 1 / bandwidth`. Solve for `I`.",
    `The ridge is the peak rate divided by the bandwidth; the seconds cancel, and operations for each byte are left.

\`\`\`ts
function ridge(peak: number, bandwidth: number): number {
  return peak / bandwidth;
}
\`\`\``,
  ],
  reference: (peak: number, bandwidth: number): number =>
    ridgePointFormula.evaluate({ peak, bandwidth }),
  checks: [
    {
      name: "gives 295 operations a byte for an H100 in BF16",
      points: 4,
      run: async (ridge) =>
        expectNumber(await ridge(989e12, 3.35e12), 295.2, { unit, tolerance: 1e-3 }),
    },
    {
      name: "gives 2 for a device that computes 10 FLOP/s and reads 5 byte/s",
      points: 3,
      run: async (ridge) => expectNumber(await ridge(10, 5), 2, { unit }),
    },
    {
      name: "falls to one half when the bandwidth doubles",
      points: 3,
      run: async (ridge) => {
        const [slow, fast] = [await ridge(312e12, 1e12), await ridge(312e12, 2e12)];
        expectNumber(slow, 312, { unit });
        expectThat(
          Math.abs(slow / fast - 2) < 1e-9,
          `twice the bandwidth must halve the ridge: it went from ${slow} to ${fast}`,
        );
      },
    },
  ],
  mistakes: [
    {
      title: "divides the wrong way round",
      answer: (peak, bandwidth) => bandwidth / peak,
      caught: "upside down",
    },
    {
      title: "takes the bandwidth to be in bits",
      answer: (peak, bandwidth) => peak / (bandwidth / 8),
      caught: "bits and bytes",
    },
    {
      title: "counts a multiply and an add as one operation",
      answer: (peak, bandwidth) => peak / 2 / bandwidth,
      caught: /2 times too small/,
    },
    {
      title: "remembers the H100 and ignores its inputs",
      answer: () => 295.2,
      caught: "expected 2 FLOP/B",
    },
  ],
});

export const attainable = defineExercise({
  id: "01.2",
  title: "Under the roof",
  points: 10,
  name: "attainable",
  stub: `/** The rate, in FLOP/s, that work of this intensity can reach. */
function attainable(intensity: number, peak: number, bandwidth: number): number {
  return NaN; // your turn
}`,
  hints: [
    "There are two limits. Which one is reached first?",
    "Memory delivers `bandwidth` bytes a second, and `intensity` operations follow each. That is one limit; `peak` is the other.",
    "The smaller of the two limits decides.\n\n```ts\nfunction attainable(intensity: number, peak: number, bandwidth: number): number {\n  return Math.min(peak, intensity * bandwidth);\n}\n```",
  ],
  reference: (intensity: number, peak: number, bandwidth: number): number =>
    Math.min(peak, intensity * bandwidth),
  checks: [
    {
      name: "is bandwidth times intensity on the slope",
      run: async (rate) =>
        expectNumber(await rate(1, peakRate(h100(), "bf16"), 3.35e12), attainableRate(h100(), 1), {
          unit: "FLOP/s",
        }),
    },
    {
      name: "is the peak beyond the ridge, however high the intensity",
      run: async (rate) =>
        expectNumber(await rate(1e6, 989.4e12, 3.35e12), attainableRate(h100(), 1e6), {
          unit: "FLOP/s",
        }),
    },
    {
      name: "meets the peak at the ridge itself",
      run: async (rate) =>
        expectNumber(await rate(281.25, 2250e12, 8e12), 2250e12, { unit: "FLOP/s" }),
    },
  ],
  mistakes: [
    {
      title: "forgets the peak",
      answer: (intensity, _peak, bandwidth) => intensity * bandwidth,
      caught: "expected 9.894e+14 FLOP/s",
    },
    {
      title: "forgets memory",
      answer: (_intensity, peak) => peak,
      caught: "expected 3.35e+12 FLOP/s",
    },
    {
      title: "takes the larger limit",
      answer: (intensity, peak, bandwidth) => Math.max(peak, intensity * bandwidth),
      caught: "expected 3.35e+12 FLOP/s",
    },
  ],
});

/** An operator as the exercise gives it: what it computes and what it moves. */
interface Row {
  flops: number;
  bytes: number;
}

export const stepSeconds = defineExercise({
  id: "01.3",
  title: "The time of a step",
  points: 15,
  name: "stepSeconds",
  stub:
    `/** Seconds for operators that run one after the other; arithmetic and traffic of one operator overlap. */
function stepSeconds(operators: { flops: number; bytes: number }[], peak: number, bandwidth: number): number {
  return NaN; // your turn
}`,
  hints: [
    "Each operator waits for its own bottleneck. Find the time of one, then add them up.",
    "One operator takes `max(flops / peak, bytes / bandwidth)`. The step is the sum of these, which can be more than the maximum of the sums.",
    "```ts\nfunction stepSeconds(operators: { flops: number; bytes: number }[], peak: number, bandwidth: number): number {\n  return operators.reduce((sum, { flops, bytes }) => sum + Math.max(flops / peak, bytes / bandwidth), 0);\n}\n```",
  ],
  reference: (operators: Row[], peak: number, bandwidth: number): number =>
    operators.reduce((sum, { flops, bytes }) => sum + Math.max(flops / peak, bytes / bandwidth), 0),
  checks: [
    {
      name: "takes the longer of arithmetic and traffic for one operator",
      run: async (time) => {
        expectNumber(await time([{ flops: 6, bytes: 1 }], 2, 1), 3, { unit: "s" });
        expectNumber(await time([{ flops: 1, bytes: 6 }], 1, 2), 3, { unit: "s" });
      },
    },
    {
      name: "adds up operators with different bottlenecks",
      run: async (time) =>
        expectNumber(await time([{ flops: 8, bytes: 1 }, { flops: 1, bytes: 8 }], 1, 1), 16, {
          unit: "s",
          hint: "each operator has a maximum of its own",
        }),
    },
    {
      name: "agrees with the library on a decode step of Llama-3.1-8B on an H100",
      run: async (time) => {
        const rows = operators(findModel("llama-3.1-8b"), {
          phase: "decode",
          batch: 128,
          newTokens: 1,
          context: 2000,
        })
          .filter((row) => row.precision === "bf16"); // one peak for all rows
        const plain = rows.map((row) => ({ flops: row.flops, bytes: traffic(row) }));
        expectNumber(
          await time(plain, peakRate(h100(), "bf16"), 3.35e12),
          stepTime(rows, h100()).seconds,
          { unit: "s" },
        );
      },
    },
    {
      name: "takes no time when there is nothing to do",
      run: async (time) => expectNumber(await time([], 1, 1), 0, { unit: "s" }),
    },
  ],
  mistakes: [
    {
      title: "takes the maximum of the sums",
      answer: (rows, peak, bandwidth) =>
        Math.max(
          rows.reduce((sum, { flops }) => sum + flops, 0) / peak,
          rows.reduce((sum, { bytes }) => sum + bytes, 0) / bandwidth,
        ),
      caught: "each operator has a maximum of its own",
    },
    {
      title: "adds arithmetic and traffic",
      answer: (rows, peak, bandwidth) =>
        rows.reduce((sum, { flops, bytes }) => sum + flops / peak + bytes / bandwidth, 0),
      caught: "expected 3 s, got 4 s",
    },
    {
      title: "looks at traffic alone",
      answer: (rows, _peak, bandwidth) =>
        rows.reduce((sum, { bytes }) => sum + bytes / bandwidth, 0),
      caught: "expected 3 s, got 1 s",
    },
  ],
});

export const busyBatch = defineExercise({
  id: "01.4",
  title: "How large a batch keeps the device busy?",
  points: 15,
  name: "busyBatch",
  stub: `/**
 * The batch at which multiplying with the weights is limited by arithmetic and no longer by memory.
 * Each weight is read once in a step and used once for each sequence: one multiplication and one addition.
 */
function busyBatch(peak: number, bandwidth: number, bytesPerWeight: number): number {
  return NaN; // your turn
}`,
  hints: [
    "What is the intensity of a batch of B sequences? Count the operations that follow one weight, and its bytes.",
    "The intensity is `2 * B / bytesPerWeight`. It must reach the ridge, `peak / bandwidth`.",
    "```ts\nfunction busyBatch(peak: number, bandwidth: number, bytesPerWeight: number): number {\n  return peak / bandwidth * bytesPerWeight / 2;\n}\n```",
  ],
  reference: (peak: number, bandwidth: number, bytesPerWeight: number): number =>
    peak / bandwidth * bytesPerWeight / 2,
  checks: [
    {
      name: "is the ridge itself at sixteen bits: 295 sequences on an H100",
      run: async (batch) =>
        expectNumber(await batch(989.4e12, 3.35e12, 2), ridgePoint(h100(), "bf16"), {
          unit: "sequences",
        }),
    },
    {
      name: "is a quarter of that with four-bit weights computed in sixteen bits",
      run: async (batch) =>
        expectNumber(await batch(989.4e12, 3.35e12, 0.5), ridgePoint(h100(), "bf16") / 4, {
          unit: "sequences",
        }),
    },
    {
      name: "is near the batch where the library's feed-forward changes its bound",
      run: async (batch) => {
        const model = findModel("llama-3.1-405b");
        const bound = (sequences: number) => {
          const rows = operators(model, {
            phase: "decode",
            batch: sequences,
            newTokens: 1,
            context: 1,
          });
          return stepTime(rows, b200()).operators.find(({ operator }) =>
            operator.name === "feed-forward down"
          )?.bound;
        };
        let changes = 1;
        while (bound(changes) === "memory") changes++;
        // Activations move too, so the change comes a little later than weights alone would have it.
        expectNumber(await batch(peakRate(b200(), "bf16"), 8e12, 2), changes, {
          unit: "sequences",
          tolerance: 0.05,
        });
      },
    },
  ],
  mistakes: [
    {
      title: "forgets that a multiply-add is two operations",
      answer: (peak, bandwidth, bytes) => peak / bandwidth * bytes,
      caught: "2 times too large",
    },
    {
      title: "forgets the size of a weight",
      answer: (peak, bandwidth) => peak / bandwidth,
      caught: "expected 73.8",
    },
    {
      title: "divides by the size of a weight",
      answer: (peak, bandwidth, bytes) => 2 * peak / bandwidth / bytes,
      caught: "expected 73.8",
    },
  ],
});
