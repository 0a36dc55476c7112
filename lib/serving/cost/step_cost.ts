import {
  complete,
  type CompleteDeployment,
  type Deployment,
  operatorOptions,
  peakRate,
  stepTime,
} from "../../roofline/mod.ts";
import { type Operator, operators, traffic } from "../../transformer/mod.ts";
import { type Bytes, type Flop, requireAtLeast, type Seconds } from "../../units/mod.ts";
import { compileLayers, type LayerRows, outerNames, type PhaseRow } from "./compile_rows.ts";
import { StepLoad } from "./step_load.ts";

/** What one step takes and moves, on one device. */
export class StepTotals {
  seconds: Seconds = 0;
  /** Everything moved to and from main memory, and of that: weights apart from routed experts, experts, cache. */
  bytes: Bytes = 0;
  weights: Bytes = 0;
  experts: Bytes = 0;
  cache: Bytes = 0;
  flops: Flop = 0;
}

/**
 * How long does a step of any mixture take? The operator table of chapter 01, turned into coefficients once.
 *
 * A simulation asks for the time of millions of steps, each with another batch and other contexts. A row of the table
 * is linear in the tokens, the keys seen and the pairs of query and key, and a mixture of experts depends on the tokens
 * alone; so a few small tables give the coefficients, and a step costs some multiplications and one exponential for each
 * kind of layer with experts. Each row still takes the longer of its arithmetic and its traffic. The result agrees with
 * `stepTime(operators(…))` to 1e-9, which is checked when it is built.
 *
 * In a step that mixes prompts with decoding, all tokens share one reading of the weights, and attention is computed for
 * the two one after the other, as kernels do.
 *
 * @throws {RangeError} when a method of the deployment makes a row that is not linear, such as an eviction budget.
 * @example A decode step of 64 sequences that have 1,000 tokens each
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { StepCost, StepTotals } from "@fewer-bytes/serving";
 *
 * const cost = new StepCost({ model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") });
 * const load = cost.load();
 * for (let sequence = 0; sequence < 64; sequence++) load.decode(1000);
 * assertAlmostEquals(cost.evaluate(load, new StepTotals()).seconds, 7.2e-3, 0.2e-3);
 * ```
 */
export class StepCost {
  /** The deployment, with its defaults. */
  readonly deployment: CompleteDeployment;
  private readonly windows: readonly number[];
  private readonly layers: readonly LayerRows[];
  private readonly outer: Readonly<Record<typeof outerNames[number], Outer>>;
  private readonly bandwidth: number;
  private readonly link: number;

  /** @param overhead Seconds that each step takes besides: kernel launches and the scheduler. Default 0. */
  constructor(deployment: Deployment, readonly overhead: Seconds = 0) {
    requireAtLeast(overhead, 0, "compile step times", "the overhead");
    const full = complete(deployment);
    const { model, hardware, efficiency } = full;
    this.deployment = full;
    this.windows = [
      ...new Set(
        model.layers.map(({ attention }) =>
          attention.kind === "heads" ? attention.window ?? Infinity : Infinity
        ),
      ),
    ];
    this.bandwidth = hardware.memory[0].bandwidth * efficiency.memory;
    this.link = (hardware.links[0]?.bandwidth ?? Infinity) * efficiency.link;
    this.layers = model.layers.map((group) => compileLayers(full, group, this.windows));
    const rows = (tokens: number) =>
      operators(
        model,
        { phase: "decode", batch: tokens, newTokens: 1, context: 0 },
        operatorOptions(full),
      );
    const [one, two] = [rows(1), rows(2)];
    this.outer = Object.fromEntries(outerNames.map((name) => {
      const [first, second] = [one, two].map((table) => table.find((row) => row.name === name)!);
      return [name, outerRow(first!, second!, full)];
    })) as Record<typeof outerNames[number], Outer>;
    this.requireAgreement();
  }

  /** An empty load for the windows of this model. */
  load(): StepLoad {
    return new StepLoad(this.windows);
  }

  /**
   * Fills in what a step costs.
   *
   * @param ahead The same sequences so many decode steps later.
   */
  evaluate(load: StepLoad, totals: StepTotals, ahead = 0): StepTotals {
    totals.seconds = this.overhead;
    totals.bytes =
      totals.weights =
      totals.experts =
      totals.cache =
      totals.flops =
        0;
    const { decodes, promptTokens, share, enters, leaves } = load;
    if (share < 1 && promptTokens > 0) {
      if (decodes > 0) this.pass(load, totals, ahead, 1 - share, false);
      this.pass(load, totals, ahead, share, true);
    } else this.pass(load, totals, ahead, 1, promptTokens > 0);
    this.add(this.outer.embedding, decodes + (enters ? promptTokens : 0), totals);
    this.add(this.outer["final norm"], decodes + (leaves ? promptTokens : 0), totals);
    this.add(this.outer.head, decodes + (leaves ? load.predictions : 0), totals);
    return totals;
  }

  /** All layers once, or a share of them, with the prompts of the load or without. */
  private pass(load: StepLoad, totals: StepTotals, ahead: number, share: number, prompts: boolean) {
    const { decodes, promptTokens } = load;
    const tokens = decodes + (prompts ? promptTokens : 0);
    for (const { tokens: rows, decode, prefill } of this.layers) {
      for (const row of rows) {
        const experts = row.experts && -row.experts * Math.expm1(tokens * row.logMiss);
        const expertBytes = experts * row.bytesPerExpert;
        const bytes = row.fixedBytes + row.bytesPerToken * tokens + expertBytes;
        const flops = row.flopsPerToken * tokens;
        totals.bytes += share * bytes;
        totals.weights += share * row.fixedBytes;
        totals.experts += share * expertBytes;
        totals.flops += share * flops;
        totals.seconds += share *
          (row.transferPerToken > 0
            ? row.transferPerToken * tokens / this.link
            : Math.max(flops / row.rate, bytes / this.bandwidth));
      }
      if (decodes > 0) {
        for (const row of decode) {
          const keys = load.decodeKeys[row.window]! + ahead * load.growing[row.window]!;
          this.addPhase(row, decodes, keys, 0, share, totals);
        }
      }
      if (prompts) {
        for (const row of prefill) {
          const [keys, pairs] = [load.promptKeys[row.window]!, load.promptPairs[row.window]!];
          this.addPhase(row, promptTokens, keys, pairs, share, totals);
        }
      }
    }
  }

  private addPhase(
    { bytes, flops, cache, rate }: PhaseRow,
    tokens: number,
    keys: number,
    pairs: number,
    share: number,
    totals: StepTotals,
  ) {
    const moved = bytes.fixed + bytes.token * tokens + bytes.key * keys + bytes.pair * pairs;
    const work = flops.fixed + flops.token * tokens + flops.key * keys + flops.pair * pairs;
    totals.bytes += share * moved;
    totals.weights += share * bytes.fixed;
    totals.cache += share *
      (cache.fixed + cache.token * tokens + cache.key * keys + cache.pair * pairs);
    totals.flops += share * work;
    totals.seconds += share * Math.max(work / rate, moved / this.bandwidth);
  }

  private add({ fixed, perToken, flops, rate }: Outer, tokens: number, totals: StepTotals) {
    if (tokens === 0) return;
    const bytes = fixed + perToken * tokens;
    totals.bytes += bytes;
    totals.weights += fixed;
    totals.flops += flops * tokens;
    totals.seconds += Math.max(flops * tokens / rate, bytes / this.bandwidth);
  }

  /** Compares with the table itself at steps that were not used to build the coefficients. */
  private requireAgreement(): void {
    const { model, hardware, efficiency } = this.deployment;
    const totals = new StepTotals();
    for (
      const step of [
        { phase: "decode", batch: 37, newTokens: 1, context: 1500 },
        { phase: "decode", batch: 3, newTokens: 1, context: 40_000 },
        { phase: "prefill", batch: 1, newTokens: 700, context: 900 },
      ] as const
    ) {
      const load = this.load();
      for (let sequence = 0; sequence < step.batch; sequence++) {
        if (step.phase === "decode") load.decode(step.context);
        else load.prefill(step.newTokens, step.context, true);
      }
      const rows = operators(model, step, operatorOptions(this.deployment));
      const table = stepTime(rows, hardware, efficiency).seconds + this.overhead;
      const { seconds } = this.evaluate(load, totals);
      if (!(Math.abs(seconds - table) <= 1e-6 * table)) {
        throw new RangeError(
          `Cannot compile step times as each operator must be linear in tokens and context: ` +
            `with this cache method or these reads a ${step.phase} step takes ${table} s, ` +
            `and its linear form says ${seconds} s`,
        );
      }
    }
  }
}

/** A row outside of the layers. */
interface Outer {
  readonly fixed: number;
  readonly perToken: number;
  readonly flops: number;
  readonly rate: number;
}

function outerRow(one: Operator, two: Operator, full: CompleteDeployment): Outer {
  const perToken = traffic(two) - traffic(one);
  return {
    fixed: traffic(one) - perToken,
    perToken,
    flops: two.flops - one.flops,
    rate: peakRate(full.hardware, one.precision) * full.efficiency.compute,
  };
}
